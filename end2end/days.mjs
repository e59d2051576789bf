// Days around the present one, as `2026-11-23`. Times are UTC, so that a test says the same wherever it runs.

const text = (day) => day.toISOString().slice(0, 10);

/** The day so many days from today. */
export function inDays(days) {
  const day = new Date();
  day.setUTCDate(day.getUTCDate() + days);
  return text(day);
}

/** The Monday of a week so many weeks ahead. */
export function monday(weeks) {
  const day = new Date();
  return inDays(-((day.getUTCDay() + 6) % 7) + 7 * weeks);
}

/** The Sunday so many weeks ago. */
export function sunday(weeks) {
  return inDays(-new Date().getUTCDay() - 7 * weeks);
}

/** A day of the week so many weeks ahead, from 0 for Monday. */
export function inWeek(weeks, day) {
  const date = new Date(`${monday(weeks)}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + day);
  return text(date);
}
