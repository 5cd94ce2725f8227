//! Well-known text to well-known binary, for points, lines and polygons.

/// The WKB of a WKT, little-endian, or `None` if it is not one of the three kinds.
pub(crate) fn wkb(text: &str) -> Option<Vec<u8>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let text = text.trim();
    let open = text.find('(')?;
    let body = text[open..].strip_prefix('(')?.strip_suffix(')')?;
    let kind = match text[..open].trim().to_ascii_uppercase().as_str() {
        "POINT" => 1_u32,
        "LINESTRING" => 2,
        "POLYGON" => 3,
        _ => return None,
    };
    let mut wkb = vec![1];
    wkb.extend(kind.to_le_bytes());
    match kind {
        1 => point(&mut wkb, body)?,
        2 => line(&mut wkb, body)?,
        _ => {
            let rings: Vec<&str> = body
                .split("),")
                .map(|ring| ring.trim().trim_matches(['(', ')']))
                .collect();
            wkb.extend(u32::try_from(rings.len()).ok()?.to_le_bytes());
            rings
                .into_iter()
                .try_for_each(|ring| line(&mut wkb, ring))?;
        }
    }
    Some(wkb)
}

fn line(wkb: &mut Vec<u8>, text: &str) -> Option<()> {
    let points: Vec<&str> = text.split(',').collect();
    wkb.extend(u32::try_from(points.len()).ok()?.to_le_bytes());
    points.into_iter().try_for_each(|text| point(wkb, text))
}

fn point(wkb: &mut Vec<u8>, text: &str) -> Option<()> {
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    let (x, y) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    wkb.extend(x.to_le_bytes());
    wkb.extend(y.to_le_bytes());
    numbers.next().is_none().then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Option<String> {
        Some(
            wkb(text)?
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        )
    }

    #[test]
    fn recorded_shapes_are_encoded() {
        assert_eq!(
            hex("POINT(1.5 2.5)").unwrap(),
            "0101000000000000000000f83f0000000000000440"
        );
        assert_eq!(
            hex("LINESTRING(0 0,1 1)").unwrap(),
            "01020000000200000000000000000000000000000000000000000000000000f03f000000000000f03f"
        );
        assert_eq!(hex("CIRCLE(1)"), None);
        assert_eq!(hex("POINT(1 2 3)"), None);
    }
}
