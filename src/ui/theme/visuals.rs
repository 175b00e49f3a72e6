//! The tokens as egui's own visuals, so that what egui draws itself (tooltips, selection, scroll bars, text cursor) fits in.

use eframe::egui;
use egui::epaint::FontColorTransferFunction;
use egui::epaint::text::TextOptions;
use egui::style::{
    ScrollFadeStyle, ScrollStyle, Selection, TextCursorStyle, WidgetVisuals, Widgets,
};
use egui::{Color32, CornerRadius, Margin, Shadow, Stroke, Visuals};

use super::{SMALL_CORNER, Tokens, corner, line};

/// Visuals of one theme.
pub(super) fn visuals(tokens: &Tokens) -> Visuals {
    let base = if tokens.dark {
        Visuals::dark()
    } else {
        Visuals::light()
    };
    let shadow = Shadow {
        offset: [0, 8],
        blur: 24,
        spread: 0,
        color: tokens.shadow,
    };
    Visuals {
        dark_mode: tokens.dark,
        text_options: TextOptions {
            // Light text on dark looks bolder than dark on light; egui's own default for dark thickens it further.
            color_transfer_function: if tokens.dark {
                FontColorTransferFunction::Gamma(0.85)
            } else {
                FontColorTransferFunction::Off
            },
            ..TextOptions::default()
        },
        override_text_color: None,
        weak_text_color: Some(tokens.quiet),
        widgets: widgets(tokens),
        selection: Selection {
            bg_fill: tokens.selection,
            stroke: Stroke::new(1.0, tokens.text),
        },
        hyperlink_color: tokens.copper,
        faint_bg_color: tokens.row_hover,
        extreme_bg_color: tokens.field,
        text_edit_bg_color: Some(tokens.field),
        code_bg_color: tokens.field,
        warn_fg_color: tokens.warn,
        error_fg_color: tokens.bad,
        window_corner_radius: corner(),
        window_shadow: shadow,
        window_fill: tokens.raised,
        window_stroke: Stroke::new(1.0, tokens.edge),
        window_highlight_topmost: false,
        menu_corner_radius: corner(),
        panel_fill: tokens.panel,
        popup_shadow: shadow,
        text_cursor: TextCursorStyle {
            stroke: Stroke::new(1.0, tokens.copper),
            preview: false,
            ..TextCursorStyle::default()
        },
        indent_has_left_vline: false,
        // Controls draw their disabled state themselves; fading would take its contrast away.
        disabled_alpha: 1.0,
        ..base
    }
}

fn widgets(tokens: &Tokens) -> Widgets {
    let state = |fill: Color32, edge: Color32, ink: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, edge),
        corner_radius: corner(),
        fg_stroke: Stroke::new(1.0, ink),
        expansion: 0.0,
    };
    Widgets {
        noninteractive: WidgetVisuals {
            bg_stroke: line(tokens),
            ..state(tokens.raised, tokens.line, tokens.text)
        },
        inactive: WidgetVisuals {
            // egui's scroll handle takes this fill.
            bg_fill: tokens.edge,
            corner_radius: CornerRadius::same(SMALL_CORNER),
            ..state(tokens.raised, tokens.edge, tokens.text)
        },
        hovered: WidgetVisuals {
            bg_fill: tokens.disabled,
            corner_radius: CornerRadius::same(SMALL_CORNER),
            ..state(tokens.control_hover, tokens.edge, tokens.text)
        },
        active: WidgetVisuals {
            bg_fill: tokens.quiet,
            corner_radius: CornerRadius::same(SMALL_CORNER),
            ..state(tokens.pressed, tokens.edge, tokens.text)
        },
        open: state(tokens.control_hover, tokens.edge, tokens.text),
    }
}

/// Scroll bars: a handle six wide over the content, without a track. It stands within the eight points that items of
/// panels and lists leave at their edge; the table draws its own.
pub(super) fn scroll() -> ScrollStyle {
    ScrollStyle {
        floating: true,
        content_margin: Margin::ZERO,
        bar_width: 6.0,
        handle_min_length: 24.0,
        bar_inner_margin: 4.0,
        bar_outer_margin: 1.0,
        floating_width: 6.0,
        floating_allocated_width: 0.0,
        foreground_color: false,
        dormant_background_opacity: 0.0,
        active_background_opacity: 0.0,
        interact_background_opacity: 0.0,
        dormant_handle_opacity: 1.0,
        active_handle_opacity: 1.0,
        interact_handle_opacity: 1.0,
        fade: ScrollFadeStyle {
            strength: 0.0,
            ..ScrollFadeStyle::default()
        },
        ..ScrollStyle::default()
    }
}
