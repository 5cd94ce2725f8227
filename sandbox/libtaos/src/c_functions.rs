//! How a function of the C interface is declared: its pointers are its own affair, where it runs and what its panics become are not.

/// Declares functions of the C interface. Each is forwarded by the thin library and else does what its body says; without a
/// library to forward to it gives `failing`, or the number of the error for `failing code`.
macro_rules! c_functions {
    ($($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),*) -> $ret:ty, failing $failed:expr; $body:block)*) => {$(
        $(#[$doc])*
        ///
        /// # Safety
        /// Pointers are null or what the C interface says they are.
        #[unsafe(no_mangle)]
        pub(crate) unsafe extern "C" fn $name($($arg: $type),*) -> $ret {
            let failed: fn(&$crate::error::Error) -> $ret = $failed;
            let call = || match $crate::dispatch::target() {
                Ok($crate::dispatch::Target::Here) => $body,
                Ok($crate::dispatch::Target::Loaded(library)) => {
                    type Function = unsafe extern "C" fn($($type),*) -> $ret;
                    // SAFETY: the other library is a copy of this one, so the function has this very type; the arguments
                    // are passed on as they came.
                    unsafe { $crate::dispatch::function::<Function>(library, stringify!($name)).map(|function| function($($arg),*)) }
                        .unwrap_or_else(|error| { $crate::error::keep(&error); failed(&error) })
                }
                Err(error) => { $crate::error::keep(&error); failed(&error) }
            };
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).unwrap_or_else(|_| {
                let error = $crate::error::Error::new(0x0100, "The stand-in driver broke");
                $crate::error::keep(&error);
                failed(&error)
            })
        }
    )*};
}
