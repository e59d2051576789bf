//! What a file looks like before anything of it is read: so that somebody can say what its columns are
//! when nothing can be read as it is.

use super::columns::{self, Layout};
use super::{Choices, Column, Delimiter, MAX_BYTES, Refusal, decode, kept, records};

/// How many values of a column are shown.
const SAMPLES: usize = 3;

/// What a file looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// What stands between two values.
    pub delimiter: Delimiter,
    /// Its columns.
    pub columns: Vec<LookedColumn>,
    /// How many rows are below the header.
    pub rows: usize,
}

/// A column with its first values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookedColumn {
    /// The header.
    pub header: String,
    /// What was chosen for it, or what the header says.
    pub taken_for: Option<Column>,
    /// The first values that are not empty.
    pub samples: Vec<String>,
}

/// Looks at a file.
///
/// # Errors
/// [`Refusal`] when it has no rows, or too many.
pub fn look(bytes: &[u8], choices: &Choices) -> Result<Look, Refusal> {
    if bytes.len() > MAX_BYTES {
        return Err(Refusal::TooLarge);
    }
    let whole = decode(bytes);
    let (text, named) = columns::without_mark(&whole);
    let delimiter = choices
        .delimiter
        .or(named)
        .unwrap_or_else(|| Delimiter::of(text));
    let mut records = records(text, delimiter, 1)?;
    records.retain(|record| record.fields.iter().any(|field| !field.is_empty()));
    let (header, records) = records.split_first().ok_or(Refusal::Empty)?;
    if records.is_empty() {
        return Err(Refusal::Empty);
    }
    let headers: Vec<String> = header.fields.iter().map(kept).collect();
    let found = Layout::found(&headers, choices.columns.as_deref());
    let samples = |place: usize| {
        let values = records.iter().filter_map(|record| record.fields.get(place));
        let values = values.filter(|value| !value.is_empty());
        values.take(SAMPLES).map(kept).collect()
    };
    let columns = headers.into_iter().zip(found).enumerate();
    Ok(Look {
        delimiter,
        columns: columns
            .map(|(place, (header, taken_for))| LookedColumn {
                header,
                taken_for,
                samples: samples(place),
            })
            .collect(),
        rows: records.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_whose_columns_say_nothing_can_be_looked_at() {
        let file = "who;when\n\n7;05/10/2026 09:00\n;06/10/2026 09:00\n";
        let seen = look(file.as_bytes(), &Choices::default()).expect("it has rows");
        assert_eq!((seen.delimiter, seen.rows), (Delimiter::Semicolon, 2));
        let headers = seen.columns.iter().map(|column| column.header.as_str());
        assert_eq!(headers.collect::<Vec<_>>(), ["who", "when"]);
        assert!(seen.columns.iter().all(|column| column.taken_for.is_none()));
        assert_eq!(seen.columns[0].samples, ["7"]);
        assert_eq!(seen.columns[1].samples.len(), 2);
    }

    #[test]
    fn a_file_without_rows_is_refused() {
        let none = look(b"badge,time\n", &Choices::default());
        assert_eq!(none, Err(Refusal::Empty));
    }
}
