//! The code of the own page: a picture that a scanner at a kiosk reads instead of number and PIN. It is
//! random, kept as a digest, good for a minute and once.

use chrono::TimeDelta;
use model::attendance::views::KioskCode;
use model::{Actor, Permission};
use qrcode::{Color, EcLevel, QrCode};

use super::{CODE_SECONDS, digest};
use crate::store::kiosk_tickets as tickets;
use crate::{Attendance, Error};

/// How many characters a code has: more than any number, so that one is not taken for the other.
const LENGTH: usize = 32;
/// How many light modules a scanner wants around the picture.
const QUIET: usize = 4;

impl Attendance {
    /// A fresh code of the reader, as a picture.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:self`; [`Error::NotAPerson`] for a program.
    pub async fn kiosk_code(&self, actor: &Actor) -> Result<KioskCode, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let id = actor.person_id().ok_or(Error::NotAPerson)?;
        let now = self.deps.now();
        // Digits and the letters A to F are where they are on nearly every keyboard, which is what a
        // scanner pretends to be; and capitals make a smaller picture.
        let text = self.deps.secret_hex::<16>().to_ascii_uppercase();
        let until = now + TimeDelta::seconds(i64::from(CODE_SECONDS));
        let mut tx = self.deps.db.begin("attendance.kiosk_code").await?;
        self.employee(&mut tx, id).await?;
        tickets::insert_code(&mut tx, &take_digest(&text), id, until, now).await?;
        tx.commit().await?;
        let (path, width) = drawn(&text)?;
        Ok(KioskCode {
            text,
            path,
            width,
            seconds: CODE_SECONDS,
        })
    }
}

/// Whether what was typed or scanned is a code rather than a number.
pub(super) fn is_code(text: &str) -> bool {
    text.len() == LENGTH && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// As what a code is kept.
pub(super) fn take_digest(code: &str) -> [u8; 32] {
    digest("code", &code.to_ascii_uppercase())
}

/// The dark modules as one SVG path, and how wide the picture is. Dark neighbours in a row are drawn at
/// once.
fn drawn(text: &str) -> Result<(String, u32), Error> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|cause| Error::Defect(format!("a code was not drawn: {cause}")))?;
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                let (left, top, wide) = (x + QUIET, y + QUIET, run.len());
                path.push_str(&format!("M{left} {top}h{wide}v1h-{wide}z"));
            }
            x += run.len();
        }
    }
    let all = u32::try_from(width + 2 * QUIET)
        .map_err(|_| Error::Defect("a code is too wide".to_owned()))?;
    Ok((path, all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_no_number() {
        assert!(is_code("0123456789abcdefABCDEF0123456789"));
        assert!(!is_code("0123456789abcdefABCDEF01"));
        assert!(!is_code("0123456789abcdefABCDEF012345678-"));
    }

    #[test]
    fn a_code_is_a_small_picture_with_a_margin() {
        let (path, width) = drawn("0123456789ABCDEF0123456789ABCDEF").expect("a picture");
        // 25 modules hold 38 characters; the first dark one is a corner of the finder.
        assert_eq!(width, 25 + 8);
        assert!(path.starts_with("M4 4h7v1h-7z"), "{path}");
    }
}
