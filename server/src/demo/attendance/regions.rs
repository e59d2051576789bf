//! Public holidays of the three places. What depends on the moon is only there for years for which
//! it has been announced.

/// Regions: code, name, dates as HR would write them.
pub(super) const REGIONS: &[(&str, &str, &str)] = &[
    ("DE-BE", "Berlin", BERLIN),
    ("US-NY", "New York", NEW_YORK),
    ("IN-KA", "Karnataka", KARNATAKA),
];

const BERLIN: &str = "\
2026-01-01 New Year's Day
2026-03-08 International Women's Day
2026-04-03 Good Friday
2026-04-06 Easter Monday
2026-05-01 Labour Day
2026-05-14 Ascension Day
2026-05-25 Whit Monday
2026-10-03 Day of German Unity
2026-12-25 Christmas Day
2026-12-26 Second Day of Christmas
2027-01-01 New Year's Day
2027-03-08 International Women's Day
2027-03-26 Good Friday
2027-03-29 Easter Monday
2027-05-01 Labour Day
2027-05-06 Ascension Day
2027-05-17 Whit Monday
2027-10-03 Day of German Unity
2027-12-25 Christmas Day
2027-12-26 Second Day of Christmas
";

const NEW_YORK: &str = "\
2026-01-01 New Year's Day
2026-01-19 Martin Luther King Jr. Day
2026-02-12 Lincoln's Birthday
2026-02-16 Washington's Birthday
2026-05-25 Memorial Day
2026-06-19 Juneteenth
2026-07-04 Independence Day
2026-09-07 Labor Day
2026-10-12 Columbus Day
2026-11-03 Election Day
2026-11-11 Veterans Day
2026-11-26 Thanksgiving Day
2026-12-25 Christmas Day
2027-01-01 New Year's Day
2027-01-18 Martin Luther King Jr. Day
2027-02-12 Lincoln's Birthday
2027-02-15 Washington's Birthday
2027-05-31 Memorial Day
2027-06-19 Juneteenth
2027-07-04 Independence Day
2027-07-05 Independence Day (observed)
2027-09-06 Labor Day
2027-10-11 Columbus Day
2027-11-02 Election Day
2027-11-11 Veterans Day
2027-11-25 Thanksgiving Day
2027-12-25 Christmas Day
";

const KARNATAKA: &str = "\
2026-01-15 Makara Sankranti
2026-01-26 Republic Day
2026-03-19 Ugadi
2026-03-21 Ramzan
2026-03-31 Mahavira Jayanti
2026-04-03 Good Friday
2026-04-14 Ambedkar Jayanti
2026-04-20 Basava Jayanti
2026-05-01 May Day
2026-05-28 Bakrid
2026-06-26 Muharram
2026-08-15 Independence Day
2026-08-26 Eid Milad
2026-09-14 Ganesh Chaturthi
2026-10-02 Gandhi Jayanti
2026-10-20 Mahanavami
2026-10-21 Vijayadashami
2026-11-01 Kannada Rajyotsava
2026-11-10 Balipadyami
2026-11-27 Kanakadasa Jayanti
2026-12-25 Christmas Day
2027-01-26 Republic Day
2027-03-26 Good Friday
2027-04-14 Ambedkar Jayanti
2027-05-01 May Day
2027-08-15 Independence Day
2027-10-02 Gandhi Jayanti
2027-11-01 Kannada Rajyotsava
2027-12-25 Christmas Day
";
