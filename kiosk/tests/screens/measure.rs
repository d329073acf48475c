//! What a window shows, item by item, as Slint laid it out: where each text stands, how much room it asks for, what is touched, and
//! what a screen reader is told. The testing backend alone doesn't say what a text asks for.

use i_slint_core::accessibility::{AccessibleStringProperty, accessible_descendents};
use i_slint_core::item_rendering::{PlainOrStyledText, RenderString, RenderText};
use i_slint_core::item_tree::ParentItemTraversalMode;
use i_slint_core::items::{
    AccessibleRole, ComplexText, ItemRc, Orientation, SimpleText, TextHorizontalAlignment, TextOverflow, TextVerticalAlignment,
    TextWrap,
};
use i_slint_core::window::WindowInner;
use kiosk::KioskWindow;
use slint::ComponentHandle;
use std::ops::ControlFlow;
use std::pin::Pin;

/// A box on the window, in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

impl Place {
    pub fn right(&self) -> f32 {
        self.x + self.width
    }

    pub fn bottom(&self) -> f32 {
        self.y + self.height
    }

    /// Whether they share more than a hair.
    pub fn meets(&self, other: &Self) -> bool {
        let (x, y) =
            (self.right().min(other.right()) - self.x.max(other.x), self.bottom().min(other.bottom()) - self.y.max(other.y));
        x > 1.0 && y > 1.0
    }

    pub fn holds(&self, other: &Self) -> bool {
        other.x >= self.x - 1.0
            && other.y >= self.y - 1.0
            && other.right() <= self.right() + 1.0
            && other.bottom() <= self.bottom() + 1.0
    }
}

/// A text as it is drawn.
#[derive(Debug, Clone)]
pub struct Said {
    pub text: String,
    /// The room it got.
    pub place: Place,
    /// Where its letters are.
    pub drawn: Place,
    /// What it asks for: its width in one line, its height in the width that it got, and the height of a line.
    pub asks: (f32, f32),
    pub line: f32,
    pub elides: bool,
    pub wraps: bool,
    /// Which of the things that lie over each other it belongs to; the last is on top.
    pub layer: usize,
    /// What it stands on, if that is touched.
    pub touched: Option<Place>,
    /// False on a button that can't be pressed now.
    pub enabled: bool,
}

/// Something that is touched.
#[derive(Debug, Clone)]
pub struct Touched {
    pub label: String,
    pub place: Place,
    pub layer: usize,
}

/// A line of the tree that a screen reader goes through.
#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    pub depth: usize,
    pub role: AccessibleRole,
    pub label: String,
    pub checkable: bool,
    pub checked: Option<bool>,
    pub layer: usize,
}

/// Everything on a window.
pub struct Measured {
    pub window: Place,
    pub said: Vec<Said>,
    pub touched: Vec<Touched>,
    pub spoken: Vec<Spoken>,
}

pub fn measure(window: &KioskWindow) -> Measured {
    i_slint_backend_testing::mock_elapsed_time(std::time::Duration::ZERO);
    let root = ItemRc::new_root(WindowInner::from_pub(window.window()).component());
    let (mut layers, mut said, mut touched, mut spoken) = (vec![], vec![], vec![], vec![]);
    let _ = root.visit_descendants(|item| -> ControlFlow<()> {
        if item.is_visible() {
            let layer = layer(item, &mut layers);
            let text = item.downcast::<ComplexText>().map(|text| read(item, text.as_pin_ref(), layer));
            let text = text.or_else(|| Some(read(item, item.downcast::<SimpleText>()?.as_pin_ref(), layer)));
            said.extend(text.filter(|said| !said.text.is_empty()));
            if is_touched(item) {
                let label = property(item, AccessibleStringProperty::Label).unwrap_or_default();
                touched.push(Touched { label, place: place(item), layer });
            }
        }
        ControlFlow::Continue(())
    });
    listen(&root, 0, &mut layers, &mut spoken);
    Measured { window: place(&root), said, touched, spoken }
}

fn is_touched(item: &ItemRc) -> bool {
    matches!(item.accessible_role(), AccessibleRole::Button | AccessibleRole::Switch)
}

fn property(item: &ItemRc, property: AccessibleStringProperty) -> Option<String> {
    item.accessible_string_property(property).map(Into::into)
}

fn place(item: &ItemRc) -> Place {
    let geometry = item.geometry();
    let origin = item.map_to_window(geometry.origin);
    Place { x: origin.x, y: origin.y, width: geometry.size.width, height: geometry.size.height }
}

fn above(item: &ItemRc) -> impl Iterator<Item = ItemRc> {
    std::iter::successors(Some(item.clone()), |item| item.parent_item(ParentItemTraversalMode::StopAtPopups))
}

/// What lies over each other: the children of the part of the window that everything touched is in.
fn layer(item: &ItemRc, layers: &mut Vec<ItemRc>) -> usize {
    let chain: Vec<_> = above(item).collect();
    let Some(of) = chain.len().checked_sub(3).map(|at| chain[at].clone()) else { return 0 };
    layers.iter().position(|layer| *layer == of).unwrap_or_else(|| {
        layers.push(of);
        layers.len() - 1
    })
}

fn read<T: RenderText + i_slint_core::items::Item>(item: &ItemRc, text: Pin<&T>, layer: usize) -> Said {
    let said = match RenderString::text(text) {
        PlainOrStyledText::Plain(said) => said.to_string(),
        PlainOrStyledText::Styled(_) => String::new(),
    };
    let place = place(item);
    let adapter = item.window_adapter().expect("it is on a window");
    let asks = |orientation, other| item.borrow().as_ref().layout_info(orientation, other, &adapter, item).preferred;
    let (wide, high) = (asks(Orientation::Horizontal, -1.0), asks(Orientation::Vertical, place.width));
    let wraps = text.wrap() != TextWrap::NoWrap;
    // in all the room there is, a text is one line for each of its own
    let own_lines = said.lines().count().max(1);
    #[allow(clippy::cast_precision_loss)]
    let line = if wraps { asks(Orientation::Vertical, 1e5) / own_lines as f32 } else { high };
    let (width, height) = (wide.min(place.width), high.min(place.height));
    let (horizontal, vertical) = text.alignment();
    let x = match horizontal {
        TextHorizontalAlignment::Center => (place.width - width) / 2.0,
        TextHorizontalAlignment::Right | TextHorizontalAlignment::End => place.width - width,
        _ => 0.0,
    };
    let y = match vertical {
        TextVerticalAlignment::Center => (place.height - height) / 2.0,
        TextVerticalAlignment::Bottom => place.height - height,
        _ => 0.0,
    };
    Said {
        text: said,
        place,
        drawn: Place { x: place.x + x, y: place.y + y, width, height },
        asks: (wide, high),
        line,
        elides: text.overflow() == TextOverflow::Elide,
        wraps,
        layer,
        touched: above(item).find(is_touched).map(|item| self::place(&item)),
        enabled: above(item).all(|item| property(&item, AccessibleStringProperty::Enabled).is_none_or(|value| value == "true")),
    }
}

/// As the platform's accessibility walks it: children of what has a role are its own.
fn listen(item: &ItemRc, depth: usize, layers: &mut Vec<ItemRc>, spoken: &mut Vec<Spoken>) {
    for child in accessible_descendents(item) {
        if !child.is_visible() {
            continue;
        }
        let flag = |of| property(&child, of).map(|value| value == "true");
        spoken.push(Spoken {
            depth,
            role: child.accessible_role(),
            label: property(&child, AccessibleStringProperty::Label).unwrap_or_default(),
            checkable: flag(AccessibleStringProperty::Checkable).unwrap_or(false),
            checked: flag(AccessibleStringProperty::Checked),
            layer: layer(&child, layers),
        });
        listen(&child, depth + 1, layers, spoken);
    }
}
