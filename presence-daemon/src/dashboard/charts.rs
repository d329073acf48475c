//! Charts as SVG, drawn here by a library: no script, and presentation attributes only, since our policy forbids styles in a page.

use super::week::{MonthOfDays, People, Today, Week, span, weekday};
use askama::filters::HtmlSafe;
use jiff::civil::Date;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::fmt;

/// An SVG of ours: it goes into a page as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Svg(String);

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Numbers, colours and our own words only: nothing that a person typed comes here.
impl HtmlSafe for Svg {}

/// #277045, #BFDECB, a shade for what is usual, and for a small group.
const NOW: RGBColor = RGBColor(0x27, 0x70, 0x45);
const OVER: RGBColor = RGBColor(0xBF, 0xDE, 0xCB);
const USUAL: RGBColor = RGBColor(0xF0, 0xE9, 0xDF);
const FEW: RGBColor = RGBColor(0xF0, 0xEF, 0xE5);
const MUTED: RGBColor = RGBColor(0x6C, 0x5F, 0x55);
/// The library writes a size divided by this.
const POINTS: f64 = 1.24;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// Today by the hour: what is over, the hour that runs, and what is usual later.
#[must_use]
pub fn today(today: &Today, here: u32, usual: Option<&[People; 24]>, label: &str) -> Svg {
    let usual = |hour: usize| usual.and_then(|usual| usual[hour]);
    let height = |hour: usize| -> (u32, RGBColor) {
        match today.over[hour] {
            _ if hour == today.hour => (here, NOW),
            Some(people) if hour < today.hour => (people.unwrap_or(2), if people.is_some() { OVER } else { FEW }),
            _ if hour > today.hour => (usual(hour).unwrap_or(0), USUAL),
            _ => (0, FEW),
        }
    };
    let busy = (0..24).filter(|&hour| hour == today.hour || today.over[hour].flatten().is_some() || usual(hour).is_some());
    let (from, to) = span(busy);
    let bars: Vec<Bar> = (from..=to)
        .map(|hour| {
            let (value, colour) = height(hour);
            Bar { value, colour, label: format!("{hour}h") }
        })
        .collect();
    draw((478, 132), label, |area| columns(area, &bars, (478, 132)))
}

/// Month by month.
#[must_use]
pub fn months(months: &[MonthOfDays], names: &[String], label: &str) -> Svg {
    let last = months.len().saturating_sub(1);
    let bar = |(n, (month, name)): (usize, (&MonthOfDays, &String))| Bar {
        value: month.fullest.unwrap_or(0),
        colour: if n == last { NOW } else { OVER },
        label: name.clone(),
    };
    let bars: Vec<Bar> = months.iter().zip(names).enumerate().map(bar).collect();
    draw((478, 132), label, |area| columns(area, &bars, (478, 132)))
}

/// The typical week, a cell an hour: the fuller, the darker.
#[must_use]
pub fn week(week: &Week, names: &[String; 7], today: Date, label: &str) -> Svg {
    let days: Vec<usize> =
        (0..7).filter(|&day| day < 5 || busiest(week, day).is_some() || weekday(today.weekday()) == day).collect();
    let busy = (0..24).filter(|&hour| week.0.iter().flatten().any(|hours| hours[hour].is_some()));
    let (from, to) = span(busy);
    let most = (0..7).filter_map(|day| busiest(week, day)).max().unwrap_or(1).max(1);
    let row = 26;
    let size = (478, 16 + row * u32::try_from(days.len()).unwrap_or(7));
    let width = (478 - 34) / i32::try_from(to - from + 1).unwrap_or(24).max(1);
    draw(size, label, |area| {
        for (n, day) in days.iter().enumerate() {
            let y = i32::try_from(n).unwrap_or(0) * i32::try_from(row).unwrap_or(26);
            text(area, &names[*day], (0, y + 11), HPos::Left, VPos::Center)?;
            for (column, hour) in (from..=to).enumerate() {
                let x = 34 + i32::try_from(column).unwrap_or(0) * width;
                let colour = week.0[*day].and_then(|hours| hours[hour]).map_or(FEW, |people| shade(people, most));
                area.draw(&Rectangle::new([(x, y), (x + width - 4, y + 22)], colour.filled()))?;
            }
        }
        let bottom = i32::try_from(size.1).unwrap_or(146);
        for (column, hour) in (from..=to).enumerate().filter(|(_, hour)| hour % 2 == 0) {
            let x = 34 + i32::try_from(column).unwrap_or(0) * width + width / 2 - 2;
            text(area, &format!("{hour}h"), (x, bottom - 1), HPos::Center, VPos::Bottom)?;
        }
        Ok(())
    })
}

fn busiest(week: &Week, day: usize) -> People {
    week.0[day].and_then(|hours| hours.into_iter().max().flatten())
}

/// From nearly paper to the green of presence.
fn shade(people: u32, most: u32) -> RGBColor {
    let part = (f64::from(people) / f64::from(most)).clamp(0.0, 1.0);
    let between = |light: u8, dark: u8| {
        let value = f64::from(light) + (f64::from(dark) - f64::from(light)) * part;
        // between two bytes, so it is one
        value.round() as u8
    };
    RGBColor(between(0xE3, 0x2E), between(0xE8, 0x80), between(0xDB, 0x55))
}

struct Bar {
    value: u32,
    colour: RGBColor,
    label: String,
}

fn columns(area: &Area<'_>, bars: &[Bar], (width, height): (i32, i32)) -> Drawn {
    let most = f64::from(bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(8));
    let step = f64::from(width) / f64::from(u32::try_from(bars.len()).unwrap_or(1).max(1));
    let (top, bottom) = (14, height - 20);
    for (n, bar) in bars.iter().enumerate() {
        let middle = (step * (f64::from(u32::try_from(n).unwrap_or(0)) + 0.5)).round() as i32;
        let half = ((step * 0.36) as i32).clamp(3, 14);
        let rise = (f64::from(bottom - top) * f64::from(bar.value) / most).round() as i32;
        if bar.value > 0 {
            let colour = bar.colour;
            area.draw(&Rectangle::new([(middle - half, bottom - rise.max(3)), (middle + half, bottom)], colour.filled()))?;
            if colour == NOW {
                text(area, &bar.value.to_string(), (middle, bottom - rise.max(3) - 2), HPos::Center, VPos::Bottom)?;
            }
        }
        text(area, &bar.label, (middle, bottom + 6), HPos::Center, VPos::Top)?;
    }
    Ok(())
}

fn text(area: &Area<'_>, words: &str, at: (i32, i32), across: HPos, along: VPos) -> Drawn {
    let style = ("Inter, system-ui, sans-serif", 10.5 * POINTS).into_font().color(&MUTED).pos(Pos::new(across, along));
    area.draw(&Text::new(words.to_owned(), at, style))
}

/// Draws, and gives the picture a name that is read aloud.
fn draw((width, height): (u32, u32), label: &str, drawing: impl FnOnce(&Area<'_>) -> Drawn) -> Svg {
    let mut drawn = String::new();
    {
        let area = SVGBackend::with_string(&mut drawn, (width, height)).into_drawing_area();
        // writing into a string doesn't fail
        let _ = drawing(&area);
        let _ = area.present();
    }
    let body = drawn.split_once('>').map_or("", |(_, body)| body);
    let label = label.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let body = body.replace("<rect ", "<rect rx=\"3\" ").replace("opacity=\"1\" ", "").replace(" stroke=\"none\"", "");
    Svg(format!("<svg class=\"chart\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{label}\">{body}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> Today {
        let mut over = [None; 24];
        over[8] = Some(None);
        over[9] = Some(Some(12));
        Today { over, hour: 10, estimated: false }
    }

    #[test]
    fn a_chart_has_a_name_and_nothing_that_the_policy_forbids() {
        let svg = today(&day(), 14, None, "Occupation \"aujourd’hui\" <b>").to_string();
        assert!(svg.starts_with(
            "<svg class=\"chart\" viewBox=\"0 0 478 132\" role=\"img\" aria-label=\"Occupation &quot;aujourd’hui&quot; &lt;b>\">"
        ));
        assert!(svg.trim_end().ends_with("</svg>") && !svg.contains("style=") && !svg.contains("<script"), "{svg}");
        assert!(svg.contains("#277045") && svg.contains("#BFDECB") && svg.contains("14"), "{svg}");
    }

    #[test]
    fn a_typical_week_shows_weekends_only_if_somebody_comes() {
        let names: [String; 7] = std::array::from_fn(|n| format!("jour{n}"));
        let mut hours = [None; 24];
        hours[10] = Some(20);
        let monday = "2026-11-23".parse().unwrap();
        let plain = week(&Week([Some(hours), None, None, None, None, Some([None; 24]), None]), &names, monday, "x").to_string();
        assert!(plain.contains("jour4") && !plain.contains("jour5"));
        let open = week(&Week([Some(hours), None, None, None, None, Some(hours), None]), &names, monday, "x").to_string();
        assert!(open.contains("jour5") && !open.contains("jour6"));
        assert_eq!((shade(0, 20), shade(20, 20)), (RGBColor(0xE3, 0xE8, 0xDB), RGBColor(0x2E, 0x80, 0x55)));
    }
}
