//! Reads large answers over REST, row by row.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::row_scanner::{RowScanner, ScanFault};
use super::{EXCERPT, Rest, low_bits, words};
use crate::probe::answer_budget::{AnswerBudget, OverBudget};
use crate::probe::json;
use crate::probe::reply::{Reply, number};
use crate::system::http_runtime;

impl Rest {
    /// Runs `sql` and decodes its rows without keeping them, until all were read or `stop`; their number. No part of the answer may
    /// take longer than `stall`.
    pub async fn read_rows(&self, sql: &str, stall: Duration, stop: Instant) -> Reply<u64> {
        http_runtime::run(self.scan(sql, stall, stop)).await
    }

    async fn scan(&self, sql: &str, stall: Duration, stop: Instant) -> Reply<u64> {
        let sent = tokio::time::timeout(stall, self.send(&self.client, sql)).await;
        let mut response = match sent {
            Ok(Ok(response)) => response,
            Ok(Err(why)) => return Reply::Broken(why),
            Err(_) => return Reply::Unanswered,
        };
        let status = response.status().as_u16();
        let mut scanner = RowScanner::default();
        loop {
            match tokio::time::timeout(stall, response.chunk()).await {
                Ok(Ok(Some(chunk))) => {
                    if let Err(fault) = scanner.read(&chunk) {
                        return match fault {
                            ScanFault::NotJson => unreadable(status, scanner.rest()),
                            ScanFault::TooLarge => Reply::over(OverBudget::Memory),
                        };
                    }
                }
                Ok(Ok(None)) => return judge(status, &scanner, stall),
                Ok(Err(error)) => return Reply::Broken(words(&error)),
                Err(_) => return Reply::Unanswered,
            }
            if scanner.rows() > 0 && Instant::now() >= stop {
                return Reply::Data(scanner.rows());
            }
        }
    }
}

/// Reads the verdict of a whole answer. The HTTP status decides nothing, as in [`super::read`].
fn judge(status: u16, scanner: &RowScanner, limit: Duration) -> Reply<u64> {
    let mut budget = AnswerBudget::new(limit);
    let object = match json::parse(scanner.rest(), &mut budget) {
        Ok(Some(Value::Object(object))) => object,
        Ok(_) => return unreadable(status, scanner.rest()),
        Err(over) => return Reply::over(over),
    };
    match object.get("code").and_then(number) {
        None => unreadable(status, scanner.rest()),
        Some(0) => Reply::Data(scanner.rows()),
        Some(code) => Reply::Refused {
            code: low_bits(code),
            message: object
                .get("desc")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
        },
    }
}

fn unreadable(status: u16, body: &[u8]) -> Reply<u64> {
    Reply::Unreadable {
        status: Some(status),
        excerpt: String::from_utf8_lossy(&body[..body.len().min(EXCERPT)]).into_owned(),
    }
}
