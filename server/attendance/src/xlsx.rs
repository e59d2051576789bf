//! Tables as a workbook. Words are written as words: no cell is ever a formula.

use chrono::{Datelike, NaiveDate};
use model::attendance::payroll::{Cell, Sheet};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// The rows that a sheet of a workbook holds below its header.
const ROWS: usize = 1_048_575;
/// The width of every column, in characters.
const WIDTH: f64 = 18.0;

/// Writes tables into a workbook, one sheet each. One that is too long goes on in a further sheet.
/// `made` stands in the file as its date, so that the same tables give the same bytes.
pub(crate) fn workbook(sheets: &[Sheet], made: NaiveDate) -> Result<Vec<u8>, XlsxError> {
    let bold = Format::new().set_bold();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let mut workbook = Workbook::new();
    if let Some(made) = excel_day(made) {
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    }
    for sheet in sheets {
        // A table without rows still has its header.
        let parts = sheet
            .rows
            .chunks(ROWS)
            .chain(std::iter::once(&[][..]).filter(|_| sheet.rows.is_empty()));
        for (number, rows) in parts.enumerate() {
            let worksheet = workbook.add_worksheet();
            match number {
                0 => worksheet.set_name(&sheet.name)?,
                more => worksheet.set_name(format!("{} {}", sheet.name, more + 1))?,
            };
            for (column, name) in (0_u16..).zip(&sheet.header) {
                worksheet.write_string_with_format(0, column, name, &bold)?;
                worksheet.set_column_width(column, WIDTH)?;
            }
            worksheet.set_freeze_panes(1, 0)?;
            for (line, cells) in (1_u32..).zip(rows) {
                for (column, cell) in (0_u16..).zip(cells) {
                    write(worksheet, (line, column), cell, &date)?;
                }
            }
        }
    }
    workbook.save_to_buffer()
}

fn write(
    worksheet: &mut Worksheet,
    (line, column): (u32, u16),
    cell: &Cell,
    date: &Format,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(words) => worksheet.write_string(line, column, words)?,
        // Minutes of a period are far below where a float has no more whole numbers.
        Cell::Minutes(minutes) => worksheet.write_number(line, column, *minutes as f64)?,
        Cell::Date(day) => match excel_day(*day) {
            Some(day) => worksheet.write_datetime_with_format(line, column, day, date)?,
            None => worksheet.write_string(line, column, day.to_string())?,
        },
    };
    Ok(())
}

/// A workbook's calendar has the years 1900 to 9999.
fn excel_day(day: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    let (month, of_month) = (
        u8::try_from(day.month()).ok()?,
        u8::try_from(day.day()).ok()?,
    );
    ExcelDateTime::from_ymd(year, month, of_month).ok()
}
