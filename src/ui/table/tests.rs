//! The table driven as people and assistive technology drive it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use egui::accesskit::{Role, SortDirection};
use egui::{Color32, Event, FontId, Modifiers, Pos2, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use super::*;

/// What a window would keep, and all that the table told.
struct Window {
    rows: u64,
    anchor: ScrollAnchor,
    selected: BTreeSet<u64>,
    spec: TableSpec,
    told: Vec<String>,
    last: Option<TableResponse>,
}

impl RowSource for Window {
    fn rows(&self) -> u64 {
        self.rows
    }

    fn cell(&self, row: u64, column: ColumnId) -> Cell<'_> {
        match column {
            "name" if row == 3 => Cell::new(format!("{}end of a long name.jpg", "x".repeat(300))),
            "name" => Cell::new(format!("file {row}")).icon('F', Ink::Quiet),
            "size" => Cell::quiet(format!("{row} B")),
            _ => Cell::default(),
        }
    }

    fn marks(&self, row: u64) -> RowMarks {
        RowMarks {
            selected: self.selected.contains(&row),
            cursor: row == 1,
            drop_target: row == 2,
        }
    }

    fn accessible_name(&self, row: u64) -> Cow<'_, str> {
        format!("file {row}").into()
    }

    fn cursor(&self) -> Option<u64> {
        Some(1)
    }
}

fn style() -> TableStyle {
    TableStyle {
        ground: Color32::BLACK,
        head: Color32::BLACK,
        line: Color32::GRAY,
        text: Color32::WHITE,
        quiet: Color32::LIGHT_GRAY,
        disabled: Color32::GRAY,
        row_hover: Color32::DARK_GRAY,
        selection: Color32::BROWN,
        accent: Color32::ORANGE,
        handle: Color32::GRAY,
        handle_hover: Color32::WHITE,
        body_font: FontId::proportional(13.0),
        head_font: FontId::proportional(12.0),
        icon_font: FontId::proportional(16.0),
        carets: ('^', 'v'),
    }
}

fn window(rows: u64) -> Window {
    let mut spec = TableSpec::new(
        "Objects",
        vec![
            Column::new("name", "Name", 0.0)
                .at_least(200.0)
                .indent(16.0),
            Column::new("size", "Size", 88.0).right(),
            Column::new("class", "Class", 112.0).unsorted(),
        ],
    );
    spec.sorted = Some(("name", true));
    Window {
        rows,
        anchor: ScrollAnchor::TOP,
        selected: BTreeSet::new(),
        spec,
        told: Vec::new(),
        last: None,
    }
}

fn harness(rows: u64) -> Harness<'static, Window> {
    Harness::builder()
        .with_size(vec2(600.0, 400.0))
        .with_step_dt(1.0 / 60.0)
        .with_max_steps(60)
        .build_ui_state(
            |ui, window: &mut Window| {
                let spec = window.spec.clone();
                let told = table_ui(ui, "objects", &spec, &style(), window.anchor, window);
                take(window, told);
            },
            window(rows),
        )
}

fn take(window: &mut Window, told: TableResponse) {
    let mut note = |text: String| window.told.push(text);
    if let Some((row, modifiers)) = told.clicked {
        note(format!("click {row} {modifiers:?}"));
    }
    if let Some(row) = told.double_clicked {
        note(format!("double {row}"));
    }
    if let Some((row, _)) = told.context_clicked {
        note(format!("menu {row}"));
    }
    if told.background_clicked {
        note("background".to_owned());
    }
    if told.background_context.is_some() {
        note("background menu".to_owned());
    }
    if told.head_context.is_some() {
        note("head menu".to_owned());
    }
    if let Some(column) = told.sort_clicked {
        note(format!("sort {column}"));
    }
    if let Some(row) = told.drag_started {
        note(format!("drag {row}"));
    }
    if let Some(band) = &told.band {
        note(format!(
            "band {:?}{}",
            band.rows,
            if band.ended { " end" } else { "" }
        ));
    }
    if let Some((column, width)) = told.column_resized {
        note(format!("width {column} {width}"));
        for known in &mut window.spec.columns {
            if known.id == column {
                known.width = width;
            }
        }
    }
    window.anchor = told.scrolled.unwrap_or(window.anchor);
    window.last = Some(told);
}

fn last(harness: &Harness<'_, Window>) -> TableResponse {
    harness.state().last.clone().expect("drawn")
}

fn middle_of(harness: &Harness<'_, Window>, row: u64, column: ColumnId) -> Pos2 {
    last(harness).cell_rect(row, column).expect("seen").center()
}

fn press(harness: &Harness<'_, Window>, at: Pos2, pressed: bool) {
    harness.event(Event::PointerButton {
        pos: at,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    });
}

fn wheel(harness: &mut Harness<'_, Window>, points: f32) {
    harness.event(Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: Vec2::new(0.0, points),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Trackpad,
        modifiers: Modifiers::NONE,
    });
    harness.run();
}

#[test]
fn rows_are_found_by_name_and_tell_their_place() {
    let mut harness = harness(1_000_000);
    harness.state_mut().selected.insert(4);
    harness.run();
    let table = harness.get_by_label("Objects");
    let node = table.accesskit_node();
    assert_eq!(node.role(), Role::Grid);
    assert_eq!(node.data().row_count(), Some(1_000_000));
    assert_eq!(node.data().column_count(), Some(3));
    assert!(node.data().active_descendant().is_some());
    let row = harness.get_by_label("file 4");
    let node = row.accesskit_node();
    assert_eq!(node.role(), Role::Row);
    assert_eq!(node.data().row_index(), Some(4));
    assert_eq!(node.is_selected(), Some(true));
    assert_eq!(node.parent().map(|parent| parent.role()), Some(Role::Grid));
    assert_eq!(node.data().description(), Some("Size 4 B"));
    assert!(harness.query_by_label("file 500").is_none());
    let head = harness.get_by_label("Name");
    let head = head.accesskit_node();
    assert_eq!(head.role(), Role::ColumnHeader);
    assert_eq!(
        head.data().sort_direction(),
        Some(SortDirection::Descending)
    );
}

#[test]
fn clicks_name_the_row_and_the_keys() {
    let mut harness = harness(1_000);
    harness.get_by_label("file 5").click();
    harness.run();
    harness
        .get_by_label("file 7")
        .click_modifiers(Modifiers::SHIFT);
    harness.run();
    harness
        .get_by_label("file 2")
        .click_modifiers(Modifiers::COMMAND);
    harness.run();
    harness.get_by_label("file 0").click_secondary();
    harness.run();
    harness.get_by_label("file 6").click_accesskit();
    harness.run();
    let key = |row: u64, modifiers: Modifiers| format!("click {row} {modifiers:?}");
    assert_eq!(
        harness.state().told,
        [
            key(5, Modifiers::NONE),
            key(7, Modifiers::SHIFT),
            key(2, Modifiers::COMMAND),
            "menu 0".to_owned(),
            key(6, Modifiers::NONE),
        ]
    );
}

#[test]
fn a_second_click_opens() {
    let mut harness = harness(10);
    harness.run();
    let at = middle_of(&harness, 4, "size");
    harness.hover_at(at);
    for pressed in [true, false, true, false] {
        press(&harness, at, pressed);
    }
    harness.run();
    assert!(harness.state().told.contains(&"double 4".to_owned()));
}

#[test]
fn the_room_below_the_rows_is_background() {
    let mut harness = harness(3);
    harness.run();
    let body = last(&harness).body;
    let at = body.center_bottom() - vec2(0.0, 20.0);
    harness.hover_at(at);
    press(&harness, at, true);
    press(&harness, at, false);
    harness.run();
    assert_eq!(harness.state().told, ["background"]);
    assert_eq!(last(&harness).hovered_row, None);
}

#[test]
fn heads_sort_and_edges_move() {
    let mut harness = harness(100);
    harness.get_by_label("Size").click();
    harness.run();
    harness.get_by_label("Class").click();
    harness.run();
    assert_eq!(harness.state().told, ["sort size"]);
    let size = last(&harness).cell_rect(0, "size").expect("seen");
    let edge = pos2(size.left(), last(&harness).body.top() - 14.0);
    harness.hover_at(edge);
    press(&harness, edge, true);
    harness.hover_at(edge - vec2(10.0, 0.0));
    harness.hover_at(edge - vec2(22.0, 0.0));
    press(&harness, edge - vec2(22.0, 0.0), false);
    harness.run();
    let moved = last(&harness).cell_rect(0, "size").expect("seen");
    assert_eq!(moved.width(), 110.0);
    assert_eq!(moved.right(), size.right());
}

#[test]
fn the_wheel_moves_what_it_says_in_a_table_of_any_length() {
    for rows in [1_000_000, 100_000_000] {
        let mut harness = harness(rows);
        let begin = ScrollAnchor::at(rows - 10_000);
        harness.state_mut().anchor = begin;
        harness.run();
        harness.hover_at(last(&harness).body.center());
        harness.run();
        let extent = Extent {
            rows,
            row_height: 26.0,
            view_height: last(&harness).body.height(),
        };
        for points in [-0.25, -1.0, -3.0, -12.0] {
            let from = harness.state().anchor;
            for _ in 0..40 {
                wheel(&mut harness, points);
            }
            let moved =
                -harness.state().anchor.points_to(from.row, extent) - f64::from(from.offset_points);
            let ratio = moved / f64::from(-points * 40.0);
            assert!(
                (ratio - 1.0).abs() <= 0.005,
                "{rows} rows, {points}: {ratio}"
            );
        }
    }
}

#[test]
fn the_last_row_is_reached() {
    let mut harness = harness(100_000_000);
    harness.state_mut().anchor = ScrollAnchor::at(u64::MAX);
    harness.run();
    let told = last(&harness);
    assert_eq!(told.visible.end, 100_000_000);
    let rect = told.row_rect(99_999_999).expect("seen");
    assert!((rect.bottom() - told.body.bottom()).abs() <= 1.0);
    assert!(harness.query_by_label("file 99999999").is_some());
}

#[test]
fn the_handle_is_dragged_and_its_track_pages() {
    let mut harness = harness(100_000);
    harness.run();
    let body = last(&harness).body;
    let below = pos2(body.right() - 7.0, body.bottom() - 30.0);
    harness.hover_at(below);
    press(&harness, below, true);
    press(&harness, below, false);
    harness.run();
    let page = (body.height() / 26.0) as u64;
    assert_eq!(harness.state().anchor, ScrollAnchor::at(page));
    let top = pos2(body.right() - 7.0, body.top() + 14.0);
    harness.hover_at(top);
    press(&harness, top, true);
    harness.hover_at(top + vec2(0.0, 20.0));
    harness.hover_at(pos2(top.x, body.bottom() + 500.0));
    press(&harness, pos2(top.x, body.bottom() + 500.0), false);
    harness.run();
    assert_eq!(last(&harness).visible.end, 100_000);
    assert!(
        harness.state().told.is_empty(),
        "{:?}",
        harness.state().told
    );
}

#[test]
fn a_drag_takes_a_row_or_draws_a_frame() {
    let mut harness = harness(50);
    harness.run();
    let rect = last(&harness).row_rect(2).expect("seen");
    let on_name = pos2(rect.left() + 30.0, rect.center().y);
    harness.hover_at(on_name);
    press(&harness, on_name, true);
    harness.hover_at(on_name + vec2(10.0, 30.0));
    harness.hover_at(on_name + vec2(20.0, 40.0));
    press(&harness, on_name, false);
    harness.run();
    assert_eq!(harness.state().told, ["drag 2"]);
    harness.state_mut().told.clear();
    let beside = middle_of(&harness, 4, "class");
    harness.hover_at(beside);
    press(&harness, beside, true);
    harness.hover_at(beside + vec2(-10.0, 26.0));
    harness.hover_at(beside + vec2(-20.0, 52.0));
    press(&harness, beside + vec2(-20.0, 52.0), false);
    harness.run();
    let told = &harness.state().told;
    assert!(told.contains(&"band 4..7".to_owned()), "{told:?}");
    assert_eq!(told.last().map(String::as_str), Some("band 4..7 end"));
}

#[test]
fn the_cell_under_the_pointer_says_whether_it_was_cut() {
    let mut harness = harness(50);
    harness.run();
    for (row, column, cut) in [(3, "name", true), (2, "name", false), (3, "size", false)] {
        harness.hover_at(middle_of(&harness, row, column));
        harness.run();
        let cell = last(&harness).hovered_cell.expect("hovered");
        assert_eq!((cell.row, cell.column, cell.cut), (row, column, cut));
    }
}

#[test]
fn the_table_takes_the_focus() {
    let mut harness = harness(50);
    harness.get_by_label("Objects").focus();
    harness.run();
    assert!(last(&harness).response.has_focus());
    harness.key_press(egui::Key::ArrowDown);
    harness.run();
    assert!(
        last(&harness).response.has_focus(),
        "arrow keys stay with the table"
    );
}

#[test]
fn an_empty_table_and_a_tiny_one_are_drawn() {
    let mut harness = harness(0);
    harness.run();
    assert!(last(&harness).visible.is_empty());
    harness.set_size(vec2(40.0, 20.0));
    harness.state_mut().rows = 100;
    harness.run();
    assert!(last(&harness).body.height() >= 0.0);
}
