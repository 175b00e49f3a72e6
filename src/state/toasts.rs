//! Short confirmations that go away by themselves.

/// How a toast looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastKind {
    /// Something was done.
    Good,
    /// Something is worth knowing.
    Warn,
    /// Something failed; stays until it is taken away.
    Bad,
}

/// One toast.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    /// Its number.
    pub id: u64,
    /// How it looks.
    pub kind: ToastKind,
    /// What it says.
    pub text: String,
    /// Seconds of uptime at which it goes; `None` when it stays.
    pub ends: Option<f64>,
}

/// The toasts shown, oldest first.
#[derive(Debug, Default)]
pub struct Toasts {
    list: Vec<Toast>,
    next: u64,
    uptime_secs: f64,
}

impl Toasts {
    const SECONDS: f64 = 6.0;
    const MOST: usize = 4;

    /// Shows a toast. The same words again only prolong it.
    pub fn show(&mut self, kind: ToastKind, text: impl Into<String>) {
        let text = text.into();
        self.list.retain(|toast| toast.text != text);
        let ends = (kind != ToastKind::Bad).then_some(self.uptime_secs + Self::SECONDS);
        self.list.push(Toast {
            id: self.next,
            kind,
            text,
            ends,
        });
        self.next += 1;
        if self.list.len() > Self::MOST {
            self.list.remove(0);
        }
    }

    /// Takes one away.
    pub fn dismiss(&mut self, id: u64) {
        self.list.retain(|toast| toast.id != id);
    }

    /// Time goes on: those that are over disappear.
    pub fn tick(&mut self, uptime_secs: f64) {
        self.uptime_secs = uptime_secs;
        self.list
            .retain(|toast| toast.ends.is_none_or(|ends| ends > uptime_secs));
    }

    /// Seconds until the next one goes, if one does.
    #[must_use]
    pub fn next_end_secs(&self) -> Option<f64> {
        self.list
            .iter()
            .filter_map(|toast| toast.ends)
            .map(|ends| ends - self.uptime_secs)
            .reduce(f64::min)
    }

    /// Those shown, oldest first.
    #[must_use]
    pub fn list(&self) -> &[Toast] {
        &self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confirmations_go_and_failures_stay() {
        let mut toasts = Toasts::default();
        toasts.show(ToastKind::Good, "copied");
        toasts.show(ToastKind::Bad, "failed");
        toasts.show(ToastKind::Good, "copied");
        assert_eq!(toasts.list().len(), 2);
        toasts.tick(7.0);
        assert_eq!(
            toasts
                .list()
                .iter()
                .map(|toast| toast.text.as_str())
                .collect::<Vec<_>>(),
            ["failed"]
        );
        assert_eq!(toasts.next_end_secs(), None);
    }
}
