//! One sentence of advice, only from the figures.

use serde::Serialize;

use super::figures::{ConnectionFigures, TransportFigures};
use crate::dsn::Transport;

/// Rates of which one is at most this much larger, in percent, count as equal: runs differ as much.
const EQUAL: u64 = 10;
/// From this share of the native rate on, in percent, WebSocket is worth its ease.
const ENOUGH: u64 = 60;

/// The suggestion of the figures. The shares are of rows or queries in each second, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BenchAdvice {
    /// WebSocket is about as fast as native, or faster, and needs no client library.
    WebSocketEqualsNative {
        /// The measure that decided: the one in which WebSocket is worst.
        measure: Measure,
        /// WebSocket's share of native.
        share: u64,
    },
    /// WebSocket is slower than native, but not by much.
    WebSocketEnough {
        /// The same.
        measure: Measure,
        /// WebSocket's share of native.
        share: u64,
    },
    /// Native is clearly faster than WebSocket.
    NativeFaster {
        /// The same.
        measure: Measure,
        /// WebSocket's share of native.
        share: u64,
    },
    /// Native was not measured: WebSocket against REST.
    WebSocketOverRest {
        /// The measure that decided: the one in which REST is worst.
        measure: Measure,
        /// REST's share of WebSocket.
        share: u64,
    },
    /// REST is about as fast as WebSocket.
    RestEqualsWebSocket {
        /// The measure that decided.
        measure: Measure,
        /// REST's share of WebSocket.
        share: u64,
    },
    /// Native against REST.
    NativeOverRest {
        /// The measure that decided.
        measure: Measure,
        /// REST's share of native.
        share: u64,
    },
}

/// The measure that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Rows that are read in each second.
    Fetch,
    /// Rows that are inserted in each second.
    Insert,
    /// Queries that are answered in each second.
    Query,
}

/// Returns the suggestion of `transports`; `None` if no two of them were measured alike. They are compared at the largest number of
/// connections for which both have a figure.
pub fn advise(transports: &[TransportFigures]) -> Option<BenchAdvice> {
    let of = |wanted| transports.iter().find(|it| it.transport == wanted);
    let compare = |slower, faster| worst(of(slower)?, of(faster)?);
    if let Some((measure, share)) = compare(Transport::Ws, Transport::Native) {
        return Some(match share {
            share if share + EQUAL >= 100 => BenchAdvice::WebSocketEqualsNative { measure, share },
            share if share >= ENOUGH => BenchAdvice::WebSocketEnough { measure, share },
            share => BenchAdvice::NativeFaster { measure, share },
        });
    }
    if let Some((measure, share)) = compare(Transport::Rest, Transport::Ws) {
        return Some(match share + EQUAL >= 100 {
            true => BenchAdvice::RestEqualsWebSocket { measure, share },
            false => BenchAdvice::WebSocketOverRest { measure, share },
        });
    }
    let (measure, share) = compare(Transport::Rest, Transport::Native)?;
    Some(BenchAdvice::NativeOverRest { measure, share })
}

/// The measure in which `slower` has the smallest share of `faster`, and that share in percent.
fn worst(slower: &TransportFigures, faster: &TransportFigures) -> Option<(Measure, u64)> {
    let measures = [Measure::Fetch, Measure::Insert, Measure::Query];
    let shares = measures.into_iter().filter_map(|measure| {
        let mut loads = slower.loads.iter().rev();
        let (slow, fast) = loads.find_map(|load| {
            let other = faster
                .loads
                .iter()
                .find(|other| other.connections == load.connections)?;
            Some((rate(load, measure)?, rate(other, measure)?))
        })?;
        let share = u128::from(slow) * 100 / u128::from(fast.max(1));
        Some((measure, u64::try_from(share).unwrap_or(u64::MAX)))
    });
    shares.min_by_key(|(_, share)| *share)
}

fn rate(load: &ConnectionFigures, measure: Measure) -> Option<u64> {
    match measure {
        Measure::Fetch => load.fetch.map(|figures| figures.rows_per_second),
        Measure::Insert => load.insert.map(|figures| figures.rows_per_second),
        Measure::Query => load.query.map(|figures| figures.per_second),
    }
}

#[cfg(test)]
mod tests;
