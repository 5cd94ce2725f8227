//! Gives the library the name under which programs of the vendor ask for it.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux") => {
            println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libtaos.so.1");
            // The packages hold three copies; without what only debuggers read each is a tenth of the size.
            println!("cargo:rustc-cdylib-link-arg=-Wl,--strip-all");
        }
        Ok("macos") => {
            println!("cargo:rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libtaos.1.dylib")
        }
        _ => {}
    }
}
