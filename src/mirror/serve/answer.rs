//! The answer to a request.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;

use super::byte_range::ByteRange;
use super::content::{CHUNK, FileBody};
use crate::mirror::entry_path::EntryPath;
use crate::mirror::manifest::{MANIFEST, MANIFEST_SIGNATURE, MirrorFile};
use crate::mirror::settings::MirrorBase;
use crate::mirror::stored::StoredMirror;

/// The longest path of a request, in bytes.
const LONGEST_PATH: usize = 2048;
/// The largest file with addresses in it, in bytes.
const LARGEST_WITH_BASE: u64 = 8 << 20;
/// The files that stand for a directory.
const INDEXES: [&str; 2] = ["index.html", "index.json"];

/// A mirror that is served.
pub(super) struct ServedMirror {
    mirror: StoredMirror,
    types: HashMap<&'static str, &'static str>,
    requests: AtomicU64,
}

/// A file to send.
struct FoundFile<'a> {
    path: &'a EntryPath,
    file: &'a MirrorFile,
}

impl ServedMirror {
    pub(super) fn new(mirror: StoredMirror) -> Self {
        Self::after(mirror, 0)
    }

    /// A mirror that takes the place of one after so many requests.
    pub(super) fn after(mut mirror: StoredMirror, requests: u64) -> Self {
        mirror.forget_bytes();
        Self {
            mirror,
            types: super::content_types(),
            requests: AtomicU64::new(requests),
        }
    }

    /// The number of requests until now.
    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Answers a request. Its body is not read.
    pub(super) fn answer<B>(&self, request: &Request<B>) -> Response<FileBody> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            let mut response = status(StatusCode::METHOD_NOT_ALLOWED);
            let allowed = HeaderValue::from_static("GET, HEAD");
            response.headers_mut().insert(header::ALLOW, allowed);
            return response;
        }
        let is_head = request.method() == Method::HEAD;
        let Some(path) = decoded(request.uri().path()) else {
            return status(StatusCode::BAD_REQUEST);
        };
        if let Some(name) = [MANIFEST, MANIFEST_SIGNATURE]
            .into_iter()
            .find(|name| *name == path)
        {
            return self.own_file(name, is_head);
        }
        match self.find(&path) {
            Some(found) => self
                .send(&found, request.headers(), is_head)
                .unwrap_or_else(|_| failure()),
            None => status(StatusCode::NOT_FOUND),
        }
    }

    /// The file at `path`, or the index of the directory.
    fn find(&self, path: &str) -> Option<FoundFile<'_>> {
        let get = |path: &str| {
            let entry = EntryPath::parse(path)?;
            let (path, file) = self.mirror.manifest.files.get_key_value(&entry)?;
            Some(FoundFile { path, file })
        };
        let directory = path.trim_end_matches('/');
        let is_directory = directory.len() != path.len();
        let file = if is_directory { None } else { get(path) };
        file.or_else(|| {
            let mut names = INDEXES.iter();
            names.find_map(|name| get(&format!("{directory}/{name}")))
        })
    }

    fn send(
        &self,
        found: &FoundFile<'_>,
        headers: &HeaderMap,
        is_head: bool,
    ) -> std::io::Result<Response<FileBody>> {
        let mut opened = self.mirror.open_file(found.path)?;
        if opened.metadata()?.len() != found.file.size {
            return Ok(failure());
        }
        if found.file.has_base {
            return self.send_with_base(opened, found, headers, is_head);
        }
        let tag = format!("\"{}\"", found.file.sha256);
        let text = |name| {
            headers
                .get(name)
                .and_then(|value: &HeaderValue| value.to_str().ok())
        };
        let size = found.file.size;
        let mut response = if text(header::IF_NONE_MATCH).is_some_and(|it| has_tag(it, &tag)) {
            status(StatusCode::NOT_MODIFIED)
        } else {
            let range = text(header::RANGE)
                .filter(|_| text(header::IF_RANGE).is_none_or(|known| known.trim() == tag));
            match range.map_or(ByteRange::Whole, |range| ByteRange::parse(range, size)) {
                ByteRange::Whole => {
                    let body = body(&mut opened, size, is_head)?;
                    with_length(Response::new(body), size)
                }
                ByteRange::Part { first, last } => {
                    opened.seek(SeekFrom::Start(first))?;
                    let length = last - first + 1;
                    let body = body(&mut opened, length, is_head)?;
                    let mut response = with_length(Response::new(body), length);
                    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                    insert(
                        &mut response,
                        header::CONTENT_RANGE,
                        &format!("bytes {first}-{last}/{size}"),
                    );
                    response
                }
                ByteRange::Unsatisfiable => {
                    let mut response = status(StatusCode::RANGE_NOT_SATISFIABLE);
                    insert(
                        &mut response,
                        header::CONTENT_RANGE,
                        &format!("bytes */{size}"),
                    );
                    return Ok(response);
                }
            }
        };
        insert(&mut response, header::ETAG, &tag);
        insert(&mut response, header::ACCEPT_RANGES, "bytes");
        self.set_type(&mut response, found.path.as_str());
        Ok(response)
    }

    /// Sends a file with the address by which the client reached this server in place of the mirror's base.
    fn send_with_base(
        &self,
        opened: File,
        found: &FoundFile<'_>,
        headers: &HeaderMap,
        is_head: bool,
    ) -> std::io::Result<Response<FileBody>> {
        let mut text = String::new();
        opened.take(LARGEST_WITH_BASE).read_to_string(&mut text)?;
        let host = headers.get(header::HOST).and_then(|it| it.to_str().ok());
        let base = MirrorBase::parse(&self.mirror.manifest.head.base).ok();
        if let (Some(host), Some(base)) = (host.filter(|host| is_host(host)), base) {
            text = text.replace(base.web(), &format!("http://{host}/"));
        }
        let length = text.len() as u64;
        let body = match is_head {
            true => FileBody::Bytes(None),
            false => FileBody::bytes(text),
        };
        let mut response = with_length(Response::new(body), length);
        insert(&mut response, header::VARY, "Host");
        self.set_type(&mut response, found.path.as_str());
        Ok(response)
    }

    /// Sends the manifest or its signature.
    fn own_file(&self, name: &'static str, is_head: bool) -> Response<FileBody> {
        let Ok(bytes) = self.mirror.read_own(name) else {
            return status(StatusCode::NOT_FOUND);
        };
        let length = bytes.len() as u64;
        let body = match is_head {
            true => FileBody::Bytes(None),
            false => FileBody::bytes(bytes),
        };
        let mut response = with_length(Response::new(body), length);
        self.set_type(&mut response, name);
        response
    }

    fn set_type(&self, response: &mut Response<FileBody>, path: &str) {
        let name = path.rsplit('/').next().unwrap_or(path);
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        let known = ending.and_then(|ending| self.types.get(ending)).copied();
        let fallback = match ending {
            Some("env" | "conf" | "toml" | "gradle" | "sha1" | "mod" | "minisig") | None => {
                "text/plain; charset=utf-8"
            }
            Some(_) => "application/octet-stream",
        };
        insert(response, header::CONTENT_TYPE, known.unwrap_or(fallback));
        insert(response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    }
}

/// The path of a request without the first slash; `None` if it is too long or not UTF-8.
fn decoded(path: &str) -> Option<String> {
    let path = path
        .strip_prefix('/')
        .filter(|it| it.len() <= LONGEST_PATH)?;
    let text = percent_decode_str(path).decode_utf8().ok()?;
    Some(text.into_owned())
}

/// Whether `text` is a host with or without a port, and nothing that means something in a document.
fn is_host(text: &str) -> bool {
    let is_plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    !text.is_empty() && text.len() <= 255 && text.chars().all(is_plain)
}

/// Whether a list of tags has `tag`.
fn has_tag(list: &str, tag: &str) -> bool {
    let mut tags = list.split(',').map(|it| it.trim().trim_start_matches("W/"));
    tags.any(|it| it == tag || it == "*")
}

/// The next `length` bytes of a file: small ones at once.
fn body(file: &mut File, length: u64, is_head: bool) -> std::io::Result<FileBody> {
    if is_head || length == 0 {
        return Ok(FileBody::Bytes(None));
    }
    if length > CHUNK as u64 {
        let file = file.try_clone()?;
        return Ok(FileBody::File { file, left: length });
    }
    let mut bytes = Vec::with_capacity(CHUNK.min(usize::try_from(length).unwrap_or(CHUNK)));
    file.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 != length {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(FileBody::bytes(bytes))
}

/// An answer that states its length, also without a body.
fn with_length(mut response: Response<FileBody>, length: u64) -> Response<FileBody> {
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}

fn insert(response: &mut Response<FileBody>, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// An answer without a body.
fn status(code: StatusCode) -> Response<FileBody> {
    let mut response = Response::new(FileBody::Bytes(None));
    *response.status_mut() = code;
    response
}

/// The answer if a file is not as the manifest says, or cannot be read.
pub(super) fn failure() -> Response<FileBody> {
    status(StatusCode::INTERNAL_SERVER_ERROR)
}
