//! The layouts that files come in.

words! {
    /// The layouts of settlement files that have a name.
    FileFormat {
        /// ISO 20022 statements: camt.052, camt.053 and camt.054.
        Camt = "camt",
        /// SWIFT MT940 and MT942.
        Mt940 = "mt940",
        /// BAI2.
        Bai2 = "bai2",
        /// Stripe's itemised payout reconciliation report.
        Stripe = "stripe",
        /// PayPal's settlement report.
        Paypal = "paypal",
        /// Adyen's settlement details report.
        Adyen = "adyen",
    }
}

words! {
    /// How a reader is told the layout of a file.
    FormatChoice {
        /// Find it out from the first bytes.
        Auto = "auto",
        /// ISO 20022 statements.
        Camt = "camt",
        /// SWIFT MT940 and MT942.
        Mt940 = "mt940",
        /// BAI2.
        Bai2 = "bai2",
        /// Stripe's itemised report.
        Stripe = "stripe",
        /// PayPal's settlement report.
        Paypal = "paypal",
        /// Adyen's settlement details report.
        Adyen = "adyen",
    }
}

impl FormatChoice {
    /// The format that was asked for; `None` when it is to be found out.
    pub const fn format(self) -> Option<FileFormat> {
        match self {
            Self::Auto => None,
            Self::Camt => Some(FileFormat::Camt),
            Self::Mt940 => Some(FileFormat::Mt940),
            Self::Bai2 => Some(FileFormat::Bai2),
            Self::Stripe => Some(FileFormat::Stripe),
            Self::Paypal => Some(FileFormat::Paypal),
            Self::Adyen => Some(FileFormat::Adyen),
        }
    }
}
