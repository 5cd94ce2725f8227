//! Client packages in the vendor's exact nested layout, and a mirror that serves them, with faults on request.
//!
//! The layout is that of `transcripts/README.md` ("The client package"); names and addresses are those of the vendor's two
//! naming eras. Nothing inside works as a TDengine client: the libraries are the stand-in driver, the programs are scripts that say so.

mod answer;
mod archive;
mod faults;
mod index;
mod library;
mod package;
mod server;

pub use archive::build;
pub use faults::MirrorFaults;
pub use index::MirrorIndex;
pub use library::{LibraryRole, libraries, stamp};
pub use package::{Edition, Era, Flaw, Layout, Package, file_name, top_folder, url_path};
pub use server::{BuiltPackage, Mirror, MirrorOptions, built, sha256, write_folder};
