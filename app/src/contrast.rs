//! Measures the colours of `style/tokens.css` against each other: text at 4.5:1 and lines at 3:1
//! on everything they may stand on, in both schemes.

use std::collections::BTreeMap;

/// Lightness, chroma and hue of OKLCH.
type Colour = [f64; 3];

/// Every colour that is written as `light-dark(oklch(…), oklch(…))`, as its light and dark value.
fn colours() -> BTreeMap<String, [Colour; 2]> {
    let css = include_str!("../../style/tokens.css");
    let mut colours = BTreeMap::new();
    for declaration in css.split(';') {
        let Some((name, value)) = declaration.split_once(": light-dark(oklch(") else {
            continue;
        };
        let Some((light, dark)) = value.split_once("), oklch(") else {
            continue;
        };
        let name = name.rsplit("--").next().unwrap_or_default().trim();
        colours.insert(name.to_owned(), [colour(light), colour(dark)]);
    }
    colours
}

fn colour(text: &str) -> Colour {
    let numbers: Vec<f64> = text
        .trim_end_matches(')')
        .split('/')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .map(|number| {
            number
                .trim_end_matches(')')
                .parse()
                .expect("a number in tokens.css")
        })
        .collect();
    numbers.try_into().expect("three numbers make a colour")
}

/// The relative luminance of WCAG, through OKLab and linear sRGB.
fn luminance([lightness, chroma, hue]: Colour) -> f64 {
    let (a, b) = (
        chroma * hue.to_radians().cos(),
        chroma * hue.to_radians().sin(),
    );
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    let red = 4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s;
    let green = -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s;
    let blue = -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s;
    0.212_6 * red.clamp(0.0, 1.0) + 0.715_2 * green.clamp(0.0, 1.0) + 0.072_2 * blue.clamp(0.0, 1.0)
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// What must stand out from what, and how far.
fn demands() -> Vec<(String, String, f64)> {
    let grounds = ["paper", "surface", "sunken", "raised", "hover"];
    let mut demands = Vec::new();
    let mut demand = |front: &str, ground: &str, ratio: f64| {
        demands.push((front.to_owned(), ground.to_owned(), ratio));
    };
    for ground in grounds {
        for text in ["ink", "ink-2", "ink-3", "accent"] {
            demand(text, ground, 4.5);
        }
        for line in ["line", "hatch", "accent-line"] {
            demand(line, ground, 3.0);
        }
    }
    for (text, ground) in [
        ("ink", "pressed"),
        ("ink-2", "pressed"),
        ("accent", "accent-fill"),
        ("on-accent", "accent-solid"),
        ("on-accent", "accent-solid-hover"),
        ("on-negative", "negative-solid"),
        ("on-negative", "negative-solid-hover"),
    ] {
        demand(text, ground, 4.5);
    }
    for hue in ["positive", "caution", "negative", "info", "leave"] {
        let fill = format!("{hue}-fill");
        for ground in grounds.iter().copied().chain([fill.as_str()]) {
            demand(&format!("{hue}-text"), ground, 4.5);
            demand(&format!("{hue}-line"), ground, 3.0);
        }
        demand("ink", &fill, 4.5);
        demand("ink-2", &fill, 4.5);
    }
    for series in ["series-2", "series-3", "series-4", "series-5"] {
        demand(series, "paper", 3.0);
    }
    demands
}

#[test]
fn every_pair_of_colours_stands_apart_in_both_schemes() {
    let colours = colours();
    let mut weak = Vec::new();
    for (front, ground, ratio) in demands() {
        for (scheme, index) in [("light", 0), ("dark", 1)] {
            let reached = contrast(colours[&front][index], colours[&ground][index]);
            if reached < ratio {
                weak.push(format!(
                    "{front} on {ground}, {scheme}: {reached:.2} < {ratio}"
                ));
            }
        }
    }
    assert!(weak.is_empty(), "{}", weak.join("\n"));
}
