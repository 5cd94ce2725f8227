//! Divides the time among the measurements: what one does not use, the others have.

use std::time::{Duration, Instant};

/// A measurement with less time than this says nothing.
const LEAST: Duration = Duration::from_millis(20);

/// The part of the time in which no statement begins, so that those under way can end: a tenth, and at most a second.
const LAST_PART: u32 = 10;
const MOST_LAST: Duration = Duration::from_secs(1);

/// The time that is left, and the measurements that share it.
#[derive(Debug)]
pub struct Schedule {
    end: Instant,
    last_begin: Instant,
    steps: usize,
}

impl Schedule {
    /// `steps` measurements in `duration` from `begun` on.
    pub fn new(begun: Instant, duration: Duration, steps: usize) -> Self {
        Self {
            end: begun + duration,
            last_begin: begun + duration - (duration / LAST_PART).min(MOST_LAST),
            steps,
        }
    }

    /// The end of all measurements.
    pub const fn end(&self) -> Instant {
        self.end
    }

    /// The time of the next measurement at `now`; `None` if too little is left.
    pub fn share(&mut self, now: Instant) -> Option<Duration> {
        let left = self.last_begin.saturating_duration_since(now);
        let steps = u32::try_from(self.steps.max(1)).unwrap_or(u32::MAX);
        self.steps = self.steps.saturating_sub(1);
        let share = left / steps;
        (share >= LEAST).then_some(share)
    }

    /// Leaves `steps` measurements out.
    pub const fn skip(&mut self, steps: usize) {
        self.steps = self.steps.saturating_sub(steps);
    }

    /// The measurements that are left.
    pub const fn steps(&self) -> usize {
        self.steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_time_goes_to_later_steps() {
        let begun = Instant::now();
        let after = |ms| begun + Duration::from_millis(ms);
        let ms = |ms| Some(Duration::from_millis(ms));
        let mut schedule = Schedule::new(begun, Duration::from_millis(1000), 4);
        assert_eq!(schedule.share(begun), ms(225));
        // The first took 90 ms.
        assert_eq!(schedule.share(after(90)), ms(270));
        schedule.skip(1);
        assert_eq!(schedule.share(after(200)), ms(700));
        assert_eq!(schedule.share(after(890)), None);
        assert_eq!(schedule.share(after(5000)), None);
    }
}
