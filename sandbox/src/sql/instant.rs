//! Instants: the integers that the server stores and the texts that stand for them.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned, civil};

use super::value::Precision;

/// Now, in units of this precision.
pub(crate) fn now(precision: Precision) -> i64 {
    from_nanoseconds(Timestamp::now().as_nanosecond(), precision)
}

/// The start of today in this zone.
pub(crate) fn today(precision: Precision, zone: &TimeZone) -> i64 {
    let day = Timestamp::now().to_zoned(zone.clone()).start_of_day();
    day.map_or(0, |start| {
        from_nanoseconds(start.timestamp().as_nanosecond(), precision)
    })
}

/// RFC 3339, or date and time in the session's zone, with up to nine digits of a second.
pub(crate) fn parse(text: &str, precision: Precision, zone: &TimeZone) -> Option<i64> {
    let instant = text.parse::<Timestamp>().ok().or_else(|| {
        let local = text.parse::<civil::DateTime>().ok()?;
        Some(local.to_zoned(zone.clone()).ok()?.timestamp())
    })?;
    Some(from_nanoseconds(instant.as_nanosecond(), precision))
}

fn from_nanoseconds(nanoseconds: i128, precision: Precision) -> i64 {
    i64::try_from(nanoseconds.div_euclid(precision.nanoseconds().into())).unwrap_or(i64::MAX)
}

/// As Go prints it, `2024-01-02T11:04:05.123+08:00`, with all the digits of the precision and `Z` for no offset.
pub(crate) fn rfc3339(value: i64, precision: Precision, zone: &TimeZone) -> Option<String> {
    let zoned = zoned(value, precision, zone)?;
    let offset = if zoned.offset().is_zero() {
        "Z".to_owned()
    } else {
        zoned.strftime("%:z").to_string()
    };
    Some(format!("{}{offset}", local(&zoned, precision)))
}

/// As `to_iso8601` prints it: `2024-01-02T03:04:05.123+0000`.
pub(crate) fn iso8601(value: i64, precision: Precision, zone: &TimeZone) -> Option<String> {
    let zoned = zoned(value, precision, zone)?;
    Some(format!(
        "{}{}",
        local(&zoned, precision),
        zoned.strftime("%z")
    ))
}

/// As `timezone()` prints it: `Asia/Shanghai (CST, +0800)`.
pub(crate) fn zone_name(zone: &TimeZone) -> String {
    let now = Timestamp::now().to_zoned(zone.clone());
    let name = zone.iana_name().unwrap_or("UTC");
    format!("{name} ({}, {})", now.strftime("%Z"), now.strftime("%z"))
}

/// How far a zone is ahead of UTC at an instant, in units of this precision.
pub(crate) fn offset(value: i64, precision: Precision, zone: &TimeZone) -> i64 {
    let seconds = zoned(value, precision, zone).map_or(0, |zoned| zoned.offset().seconds());
    i64::from(seconds) * (1_000_000_000 / precision.nanoseconds())
}

fn zoned(value: i64, precision: Precision, zone: &TimeZone) -> Option<Zoned> {
    let nanoseconds = i128::from(value) * i128::from(precision.nanoseconds());
    Some(
        Timestamp::from_nanosecond(nanoseconds)
            .ok()?
            .to_zoned(zone.clone()),
    )
}

fn local(zoned: &Zoned, precision: Precision) -> String {
    let fraction = format!("{:09}", zoned.subsec_nanosecond());
    format!(
        "{}.{}",
        zoned.strftime("%Y-%m-%dT%H:%M:%S"),
        &fraction[..precision.digits()]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    #[test]
    fn texts_of_an_instant() {
        let value = parse(
            "2024-01-02T03:04:05.123456Z",
            Precision::Micro,
            &TimeZone::UTC,
        )
        .unwrap();
        assert_eq!(
            rfc3339(value, Precision::Micro, &TimeZone::UTC).unwrap(),
            "2024-01-02T03:04:05.123456Z"
        );
        assert_eq!(
            rfc3339(value, Precision::Micro, &zone("Asia/Shanghai")).unwrap(),
            "2024-01-02T11:04:05.123456+08:00"
        );
        assert_eq!(
            iso8601(value, Precision::Micro, &TimeZone::UTC).unwrap(),
            "2024-01-02T03:04:05.123456+0000"
        );
        assert_eq!(
            zone_name(&zone("Asia/Shanghai")),
            "Asia/Shanghai (CST, +0800)"
        );
        assert_eq!(zone_name(&TimeZone::UTC), "UTC (UTC, +0000)");
    }

    #[test]
    fn local_times_take_the_session_zone() {
        let shanghai = zone("Asia/Shanghai");
        for text in [
            "2024-01-02 11:04:05.123",
            "2024-01-02T11:04:05.123",
            "2024-01-02T03:04:05.123Z",
            "2024-01-02T11:04:05.123+08:00",
        ] {
            assert_eq!(
                parse(text, Precision::Milli, &shanghai),
                Some(1_704_164_645_123),
                "{text}"
            );
        }
        assert_eq!(parse("yesterday", Precision::Milli, &shanghai), None);
    }
}
