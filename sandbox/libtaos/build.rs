//! Gives the library the name under which programs of the vendor ask for it.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux") => {
            println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libtaos.so.1");
            // The packages hold three copies; without debugging information each is a fifth of the size.
            println!("cargo:rustc-cdylib-link-arg=-Wl,--strip-debug");
        }
        Ok("macos") => {
            println!("cargo:rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libtaos.1.dylib")
        }
        _ => {}
    }
}
