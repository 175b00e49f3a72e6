//! Text: the styles of the theme as labels, sentences made of several styles, and names cut in the middle.
//!
//! Lines of running text are 20 high (body) or 16 (small, mono); single lines in controls take what their font needs.

use std::borrow::Cow;

use eframe::egui;
use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Color32, FontId, Label, Response, RichText, TextStyle, Ui};

use crate::ui::theme::{self, tokens};

/// Body text.
pub fn label(ui: &mut Ui, text: impl Into<String>) -> Response {
    let text = body(ui, text);
    ui.add(Label::new(text))
}

/// Body text as a value, to be cut or wrapped by the caller.
#[must_use]
pub fn body(ui: &Ui, text: impl Into<String>) -> RichText {
    RichText::new(text)
        .text_style(TextStyle::Body)
        .color(tokens(ui).text)
        .line_height(Some(20.0))
}

/// Secondary body text.
pub fn quiet(ui: &mut Ui, text: impl Into<String>) -> Response {
    styled(ui, text, TextStyle::Body, tokens(ui).quiet, 20.0)
}

/// Small text.
pub fn small(ui: &mut Ui, text: impl Into<String>) -> Response {
    styled(ui, text, TextStyle::Small, tokens(ui).text, 16.0)
}

/// Secondary small text.
pub fn quiet_small(ui: &mut Ui, text: impl Into<String>) -> Response {
    styled(ui, text, TextStyle::Small, tokens(ui).quiet, 16.0)
}

/// A key, a URL, an id.
pub fn mono(ui: &mut Ui, text: impl Into<String>) -> Response {
    styled(ui, text, TextStyle::Monospace, tokens(ui).text, 16.0)
}

/// A key, a URL, an id in the second row.
pub fn mono_quiet(ui: &mut Ui, text: impl Into<String>) -> Response {
    styled(ui, text, TextStyle::Monospace, tokens(ui).quiet, 16.0)
}

/// Body text of medium weight.
pub fn medium(ui: &mut Ui, text: impl Into<String>) -> Response {
    styled(ui, text, theme::medium(), tokens(ui).text, 20.0)
}

/// Semibold body text: the name of a pane or of an option.
pub fn strong(ui: &mut Ui, text: impl Into<String>) -> Response {
    styled(ui, text, theme::strong(), tokens(ui).text, 20.0)
}

/// Heading of a section: 16 semibold.
pub fn heading(ui: &mut Ui, text: impl Into<String>) -> Response {
    styled(ui, text, TextStyle::Heading, tokens(ui).text, 24.0)
}

/// Heading of a screen: 20 semibold.
pub fn title(ui: &mut Ui, text: impl Into<String>) -> Response {
    styled(ui, text, theme::title(), tokens(ui).text, 28.0)
}

fn styled(
    ui: &mut Ui,
    text: impl Into<String>,
    style: TextStyle,
    colour: Color32,
    line: f32,
) -> Response {
    ui.add(Label::new(
        RichText::new(text)
            .text_style(style)
            .color(colour)
            .line_height(Some(line)),
    ))
}

/// A section caption as it is drawn: capitals, 11 semibold, 0.6 between the letters.
#[must_use]
pub fn caption_text(ui: &Ui, text: &str) -> LayoutJob {
    let format = TextFormat {
        font_id: theme::caption().resolve(ui.style()),
        color: tokens(ui).quiet,
        extra_letter_spacing: 0.6,
        line_height: Some(16.0),
        ..TextFormat::default()
    };
    LayoutJob::single_section(text.to_uppercase(), format)
}

/// A section caption in a colour of its own.
pub fn caption_in_ui(ui: &mut Ui, text: &str, colour: Color32) -> Response {
    let mut job = caption_text(ui, text);
    for section in &mut job.sections {
        section.format.color = colour;
    }
    ui.add(Label::new(job))
}

/// A sentence whose parts have different styles: `Prose::new().quiet("The policy gives no ").mono("s3:ListBucket")`.
#[derive(Debug, Clone, Default)]
pub struct Prose<'a> {
    parts: Vec<(Cow<'a, str>, Voice)>,
    small: bool,
    centred: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    Text,
    Quiet,
    Strong,
    Mono,
    MonoQuiet,
    Accent,
    Coloured(Color32),
}

impl<'a> Prose<'a> {
    /// An empty sentence of body text.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Small text instead of body text.
    #[must_use]
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// Lines centred instead of left-aligned.
    #[must_use]
    pub fn centred(mut self) -> Self {
        self.centred = true;
        self
    }

    /// Main text.
    #[must_use]
    pub fn text(self, text: impl Into<Cow<'a, str>>) -> Self {
        self.push(text, Voice::Text)
    }

    /// Secondary text.
    #[must_use]
    pub fn quiet(self, text: impl Into<Cow<'a, str>>) -> Self {
        self.push(text, Voice::Quiet)
    }

    /// Semibold text.
    #[must_use]
    pub fn strong(self, text: impl Into<Cow<'a, str>>) -> Self {
        self.push(text, Voice::Strong)
    }

    /// A key, a URL, an id.
    #[must_use]
    pub fn mono(self, text: impl Into<Cow<'a, str>>) -> Self {
        self.push(text, Voice::Mono)
    }

    /// A key, a URL, an id in the second row.
    #[must_use]
    pub fn mono_quiet(self, text: impl Into<Cow<'a, str>>) -> Self {
        self.push(text, Voice::MonoQuiet)
    }

    /// Copper and semibold: what was searched for.
    #[must_use]
    pub fn accent(self, text: impl Into<Cow<'a, str>>) -> Self {
        self.push(text, Voice::Accent)
    }

    /// Text in a colour of the tokens, such as the one of a failure.
    #[must_use]
    pub fn coloured(self, text: impl Into<Cow<'a, str>>, colour: Color32) -> Self {
        self.push(text, Voice::Coloured(colour))
    }

    /// Secondary text in which what stands between backticks is set in the monospace font.
    pub fn quiet_with_code(self, text: &str) -> Self {
        let parts = text.split('`').enumerate();
        parts
            .filter(|(_, part)| !part.is_empty())
            .fold(self, |prose, (number, part)| {
                if number % 2 == 1 {
                    prose.mono(part.to_owned())
                } else {
                    prose.quiet(part.to_owned())
                }
            })
    }

    fn push(mut self, text: impl Into<Cow<'a, str>>, voice: Voice) -> Self {
        self.parts.push((text.into(), voice));
        self
    }

    /// The sentence without its styles, for assistive technology and for copying.
    #[must_use]
    pub fn plain(&self) -> String {
        self.parts.iter().map(|(text, _)| text.as_ref()).collect()
    }

    /// The sentence laid out in the styles of `ui`, wrapped where the caller sets a width.
    #[must_use]
    pub fn job(&self, ui: &Ui) -> LayoutJob {
        let tokens = tokens(ui);
        let (plain, strong, line) = if self.small {
            (TextStyle::Small, theme::small_strong(), 16.0)
        } else {
            (TextStyle::Body, theme::strong(), 20.0)
        };
        let mut job = LayoutJob {
            halign: if self.centred {
                Align::Center
            } else {
                Align::LEFT
            },
            ..LayoutJob::default()
        };
        for (text, voice) in &self.parts {
            let (style, color) = match voice {
                Voice::Text => (&plain, tokens.text),
                Voice::Quiet => (&plain, tokens.quiet),
                Voice::Strong => (&strong, tokens.text),
                Voice::Mono => (&TextStyle::Monospace, tokens.text),
                Voice::MonoQuiet => (&TextStyle::Monospace, tokens.quiet),
                Voice::Accent => (&strong, tokens.copper),
                Voice::Coloured(colour) => (&plain, *colour),
            };
            let format = TextFormat {
                font_id: style.resolve(ui.style()),
                color,
                line_height: Some(line),
                valign: Align::Center,
                ..TextFormat::default()
            };
            job.append(text, 0.0, format);
        }
        job
    }

    /// Draws the sentence, wrapped at the width that is left.
    pub fn ui(&self, ui: &mut Ui) -> Response {
        let job = self.job(ui);
        ui.add(Label::new(job).wrap())
    }

    /// How wide the sentence is in one line.
    #[must_use]
    pub fn width(&self, ui: &Ui) -> f32 {
        let job = self.job(ui);
        ui.fonts_mut(|fonts| fonts.layout_job(job)).size().x
    }

    /// Draws the sentence in one line that ends with an ellipsis.
    pub fn line_ui(&self, ui: &mut Ui) -> Response {
        let job = self.job(ui);
        ui.add(Label::new(job).truncate())
    }
}

/// Characters at the end of a name that stay when it is cut, so that number and extension are seen.
const KEPT_AT_THE_END: usize = 18;

/// Cuts `text` in the middle so that it fits into `width`: `campaign_spring…e-before-april.tif`. Returns it unchanged when it fits.
///
/// The last 18 characters stay; fewer when they alone would take more than two thirds of the width.
#[must_use]
pub fn cut_middle<'a>(ui: &Ui, text: &'a str, font: &FontId, width: f32) -> Cow<'a, str> {
    // Characters narrower than a tenth of the font do not exist in numbers, so a short text needs no measuring.
    ui.fonts_mut(|fonts| {
        let widths: Vec<(usize, f32)> = text
            .char_indices()
            .map(|(at, each)| (at, fonts.glyph_width(font, each)))
            .collect();
        let whole: f32 = widths.iter().map(|(_, width)| width).sum();
        if whole <= width {
            return Cow::Borrowed(text);
        }
        let room = width - fonts.glyph_width(font, '…');
        let (mut tail_width, mut tail) = (0.0, text.len());
        for (at, each) in widths.iter().rev().take(KEPT_AT_THE_END) {
            if tail_width + each > room * 2.0 / 3.0 {
                break;
            }
            tail_width += each;
            tail = *at;
        }
        let (mut head_width, mut head) = (0.0, 0);
        for (at, each) in &widths {
            if head_width + each > room - tail_width {
                break;
            }
            head_width += each;
            head = at + text[*at..].chars().next().map_or(0, char::len_utf8);
        }
        Cow::Owned(format!(
            "{}…{}",
            text[..head.min(tail)].trim_end(),
            &text[tail..]
        ))
    })
}
