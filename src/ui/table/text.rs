//! Laid-out lines of text, kept between frames, and the cutting of lines that are too long.
//!
//! A line is found by its text, font and width. Lines of the frame before are reused without touching egui's own cache;
//! they are dropped when the fonts or their texture change, which shows in that egui lays out a known text anew.

use std::collections::HashMap;
use std::sync::Arc;

use egui::epaint::text::CharIndex;
use egui::text::LayoutJob;
use egui::{Color32, FontId, Galley, Painter, Pos2, Shape};

const DOTS: &str = "…";
/// Lines kept beyond twice those of the frame.
const SPARE: usize = 256;

/// One line, ready to be painted in any colour.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) galley: Arc<Galley>,
    /// Whether something was left out.
    pub(super) cut: bool,
    /// Distance from the top of the galley to the baseline.
    baseline: f32,
}

impl Line {
    fn new(galley: Arc<Galley>, cut: bool) -> Self {
        let baseline = galley.rows.first().map_or(0.0, |row| {
            row.pos.y + row.glyphs.first().map_or(0.0, |glyph| glyph.pos.y)
        });
        Self {
            galley,
            cut,
            baseline,
        }
    }

    /// Width in points.
    pub(super) fn width(&self) -> f32 {
        self.galley.size().x
    }

    /// The line with its baseline at a height.
    pub(super) fn at(&self, left: f32, baseline: f32, color: Color32) -> Shape {
        let pos = Pos2::new(left, baseline - self.baseline);
        Shape::galley(pos, Arc::clone(&self.galley), color)
    }
}

/// The lines of one table.
#[derive(Clone, Default)]
pub(super) struct Lines {
    kept: HashMap<u64, Kept>,
    frame: u64,
    used: usize,
    dots: Option<Line>,
}

#[derive(Clone)]
struct Kept {
    line: Line,
    frame: u64,
}

impl Lines {
    /// Starts a frame. `font` is the font of most lines.
    pub(super) fn begin(&mut self, painter: &Painter, font: &FontId) {
        let dots = lay_out(painter, DOTS, font);
        // As long as egui hands out the very same galley, its glyphs are where they were.
        let same = |known: &Line| Arc::ptr_eq(&known.galley, &dots);
        if !self.dots.as_ref().is_some_and(same) {
            self.kept.clear();
            self.dots = Some(Line::new(dots, false));
        }
        self.frame += 1;
        self.used = 0;
    }

    /// Ends a frame: forgets lines that were not used for a while.
    pub(super) fn end(&mut self) {
        if self.kept.len() > self.used * 2 + SPARE {
            let frame = self.frame;
            self.kept.retain(|_, kept| kept.frame == frame);
        }
    }

    /// Distance from the middle of a line of the main font to its baseline.
    pub(super) fn below_middle(&self) -> f32 {
        self.dots
            .as_ref()
            .map_or(0.0, |dots| dots.baseline - dots.galley.size().y / 2.0)
    }

    /// A text in one line, no wider than `width`; what is too long loses its middle, but keeps up to `tail` characters
    /// at the end.
    pub(super) fn line(
        &mut self,
        painter: &Painter,
        text: &str,
        font: &FontId,
        width: f32,
        tail: usize,
    ) -> Line {
        self.used += 1;
        let key = egui::util::hash((text, font, width.to_bits(), tail));
        if let Some(kept) = self.kept.get_mut(&key) {
            kept.frame = self.frame;
            return kept.line.clone();
        }
        let whole = lay_out(painter, text, font);
        let line = if whole.size().x <= width {
            Line::new(whole, false)
        } else {
            let dots = lay_out(painter, DOTS, font).size().x;
            Line::new(cut(painter, text, font, &whole, width, dots, tail), true)
        };
        let kept = Kept {
            line: line.clone(),
            frame: self.frame,
        };
        self.kept.insert(key, kept);
        line
    }
}

fn lay_out(painter: &Painter, text: &str, font: &FontId) -> Arc<Galley> {
    // The placeholder takes the colour it is painted with.
    painter.layout_job(LayoutJob::simple_singleline(
        text.to_owned(),
        font.clone(),
        Color32::PLACEHOLDER,
    ))
}

/// Beginning, dots, end.
fn cut(
    painter: &Painter,
    text: &str,
    font: &FontId,
    whole: &Galley,
    width: f32,
    dots: f32,
    tail: usize,
) -> Arc<Galley> {
    let Some(row) = whole.rows.first() else {
        return lay_out(painter, DOTS, font);
    };
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let count = starts.len().min(row.glyphs.len());
    let left_of = |char: usize| row.x_offset(CharIndex(char));
    let right_of = |char: usize| row.size.x - left_of(char);
    let mut end = count - tail.min(count);
    while end < count && right_of(end) + dots > width {
        end += 1;
    }
    // An accent is not parted from its letter.
    while row
        .glyphs
        .get(end)
        .is_some_and(|glyph| glyph.advance_width == 0.0)
    {
        end += 1;
    }
    let room = width - dots - right_of(end.min(count));
    let mut begin = (0..=end)
        .collect::<Vec<_>>()
        .partition_point(|char| left_of(*char) <= room);
    begin = begin.saturating_sub(1);
    loop {
        let from = starts.get(end).copied().unwrap_or(text.len());
        let to = starts.get(begin).copied().unwrap_or(text.len());
        let candidate = [&text[..to.min(from)], DOTS, &text[from..]].concat();
        let galley = lay_out(painter, &candidate, font);
        if galley.size().x <= width || begin == 0 {
            return galley;
        }
        begin -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_painter(test: impl Fn(&Painter)) {
        let ctx = egui::Context::default();
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| test(ui.painter()));
        output.textures_delta.clear();
    }

    #[test]
    fn long_names_lose_their_middle() {
        with_painter(|painter| {
            let font = FontId::proportional(13.0);
            let mut lines = Lines::default();
            lines.begin(painter, &font);
            let name = "campaign_spring_2026_retail_eu-central_final_approved-before-april.tif";
            let whole = lines.line(painter, name, &font, 10_000.0, 18);
            assert!(!whole.cut && whole.galley.text() == name);
            for width in [150.0, 200.0, 333.0] {
                let line = lines.line(painter, name, &font, width, 18);
                let text = line.galley.text();
                let (begin, end) = text.split_once(DOTS).expect("dots");
                assert!(line.cut && line.width() <= width);
                assert!(name.starts_with(begin) && name.ends_with(end));
                assert_eq!(end.chars().count(), 18, "{text}");
                // One more character would not fit.
                let more: String = name.chars().take(begin.chars().count() + 2).collect();
                let wider = lay_out(painter, &[&more, DOTS, end].concat(), &font);
                assert!(wider.size().x > width);
            }
            let narrow = lines.line(painter, name, &font, 40.0, 18);
            assert!(narrow.width() <= 40.0 && narrow.galley.text().ends_with("tif"));
            let plain = lines.line(painter, name, &font, 100.0, 0);
            assert!(plain.galley.text().ends_with(DOTS));
            let tiny = lines.line(painter, "漢字漢字", &font, 1.0, 18);
            assert_eq!(tiny.galley.text(), DOTS);
        });
    }

    #[test]
    fn a_known_line_is_not_laid_out_again() {
        with_painter(|painter| {
            let font = FontId::proportional(13.0);
            let mut lines = Lines::default();
            lines.begin(painter, &font);
            let first = lines.line(painter, "photo.jpg", &font, 200.0, 18);
            lines.end();
            lines.begin(painter, &font);
            let again = lines.line(painter, "photo.jpg", &font, 200.0, 18);
            assert!(Arc::ptr_eq(&first.galley, &again.galley));
            for number in 0..2_000 {
                lines.line(painter, &number.to_string(), &font, 200.0, 18);
            }
            lines.end();
            lines.begin(painter, &font);
            lines.end();
            assert!(lines.kept.is_empty(), "lines out of sight are forgotten");
        });
    }

    #[test]
    fn other_fonts_share_the_baseline() {
        with_painter(|painter| {
            let font = FontId::proportional(13.0);
            let mut lines = Lines::default();
            lines.begin(painter, &font);
            for text in ["photo", "❄ snow", "漢字", "\u{1f600}"] {
                let line = lines.line(painter, text, &font, 200.0, 18);
                let Shape::Text(shape) = line.at(10.0, 50.0, Color32::WHITE) else {
                    panic!("a text");
                };
                assert!((shape.pos.y + line.baseline - 50.0).abs() < 1e-3);
            }
        });
    }
}
