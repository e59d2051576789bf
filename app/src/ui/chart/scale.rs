//! The scale of an axis: from a round number to a round number in round steps.

/// A linear scale over round numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
    step: f64,
}

impl Scale {
    /// A scale that holds every value and zero, with about four steps. Values that are no finite
    /// numbers are left out.
    pub fn over(values: impl IntoIterator<Item = f64>) -> Self {
        let (low, high) = values
            .into_iter()
            .filter(|value| value.is_finite())
            .fold((0.0_f64, 0.0_f64), |(low, high), v| {
                (low.min(v), high.max(v))
            });
        let span = if high > low { high - low } else { 1.0 };
        let step = round_step(span / 4.0);
        let low = (low / step).floor() * step;
        let high = if high > low {
            (high / step).ceil() * step
        } else {
            low + step
        };
        Self { low, high, step }
    }

    /// Where a value stands between the ends: 0 at the bottom, 1 at the top.
    pub fn position(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// The round numbers from bottom to top.
    pub fn ticks(&self) -> Vec<f64> {
        let mut ticks = Vec::new();
        let mut index = 0_u32;
        loop {
            let tick = self.low + self.step * f64::from(index);
            // Half a step of room, since sums of decimal fractions miss by a hair.
            if tick > self.high + self.step / 2.0 || index > 20 {
                return ticks;
            }
            ticks.push(if tick.abs() < self.step / 1_000.0 {
                0.0
            } else {
                tick
            });
            index += 1;
        }
    }
}

/// The next of 1, 2, 2.5, 5, 10 times a power of ten.
fn round_step(raw: f64) -> f64 {
    let power = 10.0_f64.powf(raw.log10().floor());
    let factor = [1.0, 2.0, 2.5, 5.0]
        .into_iter()
        .find(|f| f * power >= raw)
        .unwrap_or(10.0);
    factor * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_zero_and_every_value() {
        let scale = Scale::over([3.0, 41.0, 37.0]);
        assert_eq!(scale.ticks(), vec![0.0, 20.0, 40.0, 60.0]);
        assert_eq!(scale.position(0.0), 0.0);
        assert_eq!(scale.position(60.0), 1.0);
    }

    #[test]
    fn losses_go_below_zero() {
        let scale = Scale::over([-120.0, 80.0]);
        assert!(scale.ticks().contains(&0.0));
        assert!(scale.ticks().first().is_some_and(|low| *low <= -120.0));
    }

    #[test]
    fn nothing_but_zeros_is_still_a_scale() {
        let scale = Scale::over([0.0, f64::NAN]);
        assert_eq!(scale.position(0.0), 0.0);
        assert!(scale.ticks().len() >= 2);
    }
}
