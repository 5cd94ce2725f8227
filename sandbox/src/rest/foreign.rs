//! Pages of HTTP servers that are not taosAdapter.

use hyper::body::Incoming;
use hyper::header::{HeaderValue, SERVER, UPGRADE};
use hyper::{Request, StatusCode};

use super::reply::{self, Reply};
use crate::faults::ForeignHttp;

const HTML: &str = "text/html; charset=UTF-8";
const NOT_FOUND: &str = "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head>\n<title>404 Not Found</title>\n\
    </head><body>\n<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n</body></html>\n";
const BAD_GATEWAY: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.24.0</center>\r\n</body>\r\n</html>\r\n";

/// What a reverse proxy answers outside the path that it passes on.
pub(crate) fn not_found() -> Reply {
    let text = "<html><body><h1>404 Not Found</h1><hr>nginx/1.24.0</body></html>\r\n";
    reply::plain(StatusCode::NOT_FOUND, HTML, text)
}

/// What nginx answers when the server behind it takes too long.
pub(crate) fn gateway_timeout() -> Reply {
    let text = "<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n\
        <center><h1>504 Gateway Time-out</h1></center>\r\n<hr><center>nginx/1.24.0</center>\r\n</body>\r\n</html>\r\n";
    let mut page = reply::plain(StatusCode::GATEWAY_TIMEOUT, HTML, text);
    page.headers_mut()
        .insert(SERVER, HeaderValue::from_static("nginx/1.24.0"));
    page
}

/// What the foreign server answers, or `None` if it passes the request on.
pub(crate) fn page(server: ForeignHttp, request: &Request<Incoming>) -> Option<Reply> {
    let (status, name, text) = match server {
        ForeignHttp::NotFound => (
            StatusCode::NOT_FOUND,
            "Apache/2.4.58 (Ubuntu)",
            NOT_FOUND.to_owned(),
        ),
        ForeignHttp::BadGateway => (
            StatusCode::BAD_GATEWAY,
            "nginx/1.24.0",
            BAD_GATEWAY.to_owned(),
        ),
        ForeignHttp::NoUpgrade(status) => {
            request.headers().get(UPGRADE)?;
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
            (
                status,
                "nginx/1.24.0",
                format!("<html><body><h1>{status}</h1></body></html>\r\n"),
            )
        }
    };
    let mut page = reply::plain(status, HTML, text);
    page.headers_mut()
        .insert(SERVER, HeaderValue::from_static(name));
    Some(page)
}
