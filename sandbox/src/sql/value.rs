//! Column types and values, with the numbers and names that the wire gives them (reference: wire-and-abi, "Types").

/// The unit of a database's timestamps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// Milliseconds, 0 on the wire.
    #[default]
    Milli,
    /// Microseconds, 1 on the wire.
    Micro,
    /// Nanoseconds, 2 on the wire.
    Nano,
}

impl Precision {
    /// The number on the wire.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Milli => 0,
            Self::Micro => 1,
            Self::Nano => 2,
        }
    }

    /// Digits after the decimal point of a second: 3, 6 or 9.
    #[must_use]
    pub fn digits(self) -> usize {
        match self {
            Self::Milli => 3,
            Self::Micro => 6,
            Self::Nano => 9,
        }
    }

    /// As `create database … precision` writes it: `ms`, `us` or `ns`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Milli => "ms",
            Self::Micro => "us",
            Self::Nano => "ns",
        }
    }

    /// Nanoseconds in one unit.
    #[must_use]
    pub fn nanoseconds(self) -> i64 {
        match self {
            Self::Milli => 1_000_000,
            Self::Micro => 1_000,
            Self::Nano => 1,
        }
    }
}

/// A column's type.
#[allow(missing_docs, reason = "the names are SQL's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Bool,
    TinyInt,
    SmallInt,
    Int,
    BigInt,
    Float,
    Double,
    Varchar,
    Timestamp,
    Nchar,
    UTinyInt,
    USmallInt,
    UInt,
    UBigInt,
    Json,
    Varbinary,
    Decimal128 { precision: u8, scale: u8 },
    Blob,
    Geometry,
    Decimal64 { precision: u8, scale: u8 },
}

impl Type {
    /// The number on the wire.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Bool => 1,
            Self::TinyInt => 2,
            Self::SmallInt => 3,
            Self::Int => 4,
            Self::BigInt => 5,
            Self::Float => 6,
            Self::Double => 7,
            Self::Varchar => 8,
            Self::Timestamp => 9,
            Self::Nchar => 10,
            Self::UTinyInt => 11,
            Self::USmallInt => 12,
            Self::UInt => 13,
            Self::UBigInt => 14,
            Self::Json => 15,
            Self::Varbinary => 16,
            Self::Decimal128 { .. } => 17,
            Self::Blob => 18,
            Self::Geometry => 20,
            Self::Decimal64 { .. } => 21,
        }
    }

    /// The name that REST and `describe` use, without a length: `INT UNSIGNED`, `DECIMAL(10,2)`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Bool => "BOOL",
            Self::TinyInt => "TINYINT",
            Self::SmallInt => "SMALLINT",
            Self::Int => "INT",
            Self::BigInt => "BIGINT",
            Self::Float => "FLOAT",
            Self::Double => "DOUBLE",
            Self::Varchar => "VARCHAR",
            Self::Timestamp => "TIMESTAMP",
            Self::Nchar => "NCHAR",
            Self::UTinyInt => "TINYINT UNSIGNED",
            Self::USmallInt => "SMALLINT UNSIGNED",
            Self::UInt => "INT UNSIGNED",
            Self::UBigInt => "BIGINT UNSIGNED",
            Self::Json => "JSON",
            Self::Varbinary => "VARBINARY",
            Self::Blob => "BLOB",
            Self::Geometry => "GEOMETRY",
            Self::Decimal128 { precision, scale } | Self::Decimal64 { precision, scale } => {
                return format!("DECIMAL({precision},{scale})");
            }
        }
        .to_owned()
    }

    /// The size of a value in bytes, or `None` for values that carry their own length.
    #[must_use]
    pub fn width(self) -> Option<usize> {
        match self {
            Self::Bool | Self::TinyInt | Self::UTinyInt => Some(1),
            Self::SmallInt | Self::USmallInt => Some(2),
            Self::Int | Self::UInt | Self::Float => Some(4),
            Self::BigInt
            | Self::UBigInt
            | Self::Double
            | Self::Timestamp
            | Self::Decimal64 { .. } => Some(8),
            Self::Decimal128 { .. } => Some(16),
            Self::Varchar
            | Self::Nchar
            | Self::Json
            | Self::Varbinary
            | Self::Blob
            | Self::Geometry => None,
        }
    }

    /// The range of a signed or unsigned integer type.
    pub(crate) fn integer_range(self) -> Option<(i128, i128)> {
        Some(match self {
            Self::TinyInt => (i8::MIN.into(), i8::MAX.into()),
            Self::SmallInt => (i16::MIN.into(), i16::MAX.into()),
            Self::Int => (i32::MIN.into(), i32::MAX.into()),
            Self::BigInt => (i64::MIN.into(), i64::MAX.into()),
            Self::UTinyInt => (0, u8::MAX.into()),
            Self::USmallInt => (0, u16::MAX.into()),
            Self::UInt => (0, u32::MAX.into()),
            Self::UBigInt => (0, u64::MAX.into()),
            _ => return None,
        })
    }

    /// Whether sums and averages of it make sense.
    pub(crate) fn is_numeric(self) -> bool {
        self.integer_range().is_some() || matches!(self, Self::Float | Self::Double)
    }

    pub(crate) fn is_unsigned(self) -> bool {
        matches!(
            self,
            Self::UTinyInt | Self::USmallInt | Self::UInt | Self::UBigInt
        )
    }
}

/// One cell. Which variant a type uses: integers `Int`, unsigned ones `UInt`, varchar and nchar `Text`, varbinary, blob and
/// geometry (as WKB) `Bytes`, decimals `Decimal` (the digits without the point).
#[allow(missing_docs, reason = "explained above")]
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    UInt(u64),
    Float(f32),
    Double(f64),
    Text(String),
    /// In the result's precision.
    Timestamp(i64),
    /// JSON text, keys sorted.
    Json(String),
    Bytes(Vec<u8>),
    Decimal(i128),
}

impl Value {
    /// A text value.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// A result's column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name or alias.
    pub name: String,
    /// Its type.
    pub kind: Type,
    /// The declared length as REST tells it: characters of an nchar, bytes of everything else.
    pub bytes: i32,
}

impl Column {
    /// A column of a fixed-size type.
    pub(crate) fn fixed(name: impl Into<String>, kind: Type) -> Self {
        let bytes = kind
            .width()
            .and_then(|width| i32::try_from(width).ok())
            .unwrap_or(0);
        Self {
            name: name.into(),
            kind,
            bytes,
        }
    }

    /// A varchar column of this length.
    pub(crate) fn varchar(name: impl Into<String>, bytes: usize) -> Self {
        Self {
            name: name.into(),
            kind: Type::Varchar,
            bytes: i32::try_from(bytes).unwrap_or(i32::MAX),
        }
    }

    /// The length that a WebSocket `fetch` reply tells: with the length prefix, an nchar as UTF-32.
    pub(crate) fn fetch_length(&self) -> i32 {
        match self.kind {
            Type::Varchar | Type::Varbinary | Type::Geometry => self.bytes.saturating_add(2),
            Type::Nchar | Type::Json => self.bytes.saturating_mul(4).saturating_add(2),
            Type::Blob => self.bytes.saturating_add(4),
            _ => self.bytes,
        }
    }
}

/// What a query gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResultSet {
    /// Its columns.
    pub columns: Vec<Column>,
    /// The unit of its timestamps.
    pub precision: Precision,
    /// Its rows, each with one value a column.
    pub rows: Vec<Vec<Value>>,
    /// The rows that LIMIT cut off. The server's null bitmaps still show some of them, in the bits after the last row.
    pub cut: Vec<Vec<Value>>,
    /// The rows with which another block starts, because they come from another vgroup.
    pub breaks: Vec<usize>,
}

/// What a statement gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It changed something.
    Update {
        /// Rows written; 0 for everything but an insert.
        affected_rows: u64,
    },
    /// It was a query.
    Rows(ResultSet),
}
