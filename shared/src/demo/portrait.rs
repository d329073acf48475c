//! A drawn portrait: a round head, hair and shoulders before a plain wall. Enough to see that photos work; no picture of anybody.

type Rgb = [u8; 3];

const WALLS: [Rgb; 8] = [
    [198, 214, 206],
    [222, 203, 182],
    [190, 204, 222],
    [226, 212, 170],
    [212, 190, 206],
    [184, 208, 214],
    [230, 206, 196],
    [204, 212, 182],
];
const SKINS: [Rgb; 6] = [[244, 208, 180], [226, 178, 140], [198, 146, 106], [160, 108, 74], [120, 78, 54], [236, 194, 160]];
const HAIRS: [Rgb; 6] = [[40, 30, 26], [92, 58, 34], [168, 116, 62], [190, 186, 182], [124, 46, 28], [24, 24, 30]];
const CLOTHES: [Rgb; 7] =
    [[58, 92, 120], [166, 62, 36], [39, 112, 69], [92, 74, 128], [200, 150, 60], [60, 60, 66], [150, 84, 110]];

/// Draws the portrait of the `n`th person: RGB, `size`×`size` pixels, row by row.
#[must_use]
pub fn portrait(n: usize, size: u32) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(size as usize * size as usize * 3);
    for y in 0..size {
        for x in 0..size {
            // four samples a pixel, for soft edges
            let mut sum = [0u32; 3];
            for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                let scale = 1.0 / size as f32;
                let colour = colour_at(n, (x as f32 + dx) * scale, (y as f32 + dy) * scale);
                for (total, part) in sum.iter_mut().zip(colour) {
                    *total += u32::from(part);
                }
            }
            pixels.extend(sum.map(|total| (total / 4) as u8));
        }
    }
    pixels
}

fn inside(x: f32, y: f32, centre: (f32, f32), radii: (f32, f32)) -> bool {
    ((x - centre.0) / radii.0).powi(2) + ((y - centre.1) / radii.1).powi(2) <= 1.0
}

/// The colour at a point of the unit square.
fn colour_at(n: usize, x: f32, y: f32) -> Rgb {
    let skin = SKINS[n * 5 % SKINS.len()];
    let hair = HAIRS[n * 7 % HAIRS.len()];
    let long_hair = n % 3 == 1;
    let parting = 0.36 + 0.02 * (n % 4) as f32;
    let smile = inside(x, y, (0.5, 0.525), (0.085, 0.06)) && y > 0.535;
    let eye = inside(x, y, (0.435, 0.455), (0.018, 0.024)) || inside(x, y, (0.565, 0.455), (0.018, 0.024));
    let face = inside(x, y, (0.5, 0.46), (0.175, 0.215));
    let cap = inside(x, y, (0.5, 0.42), (0.205, 0.225)) && y < parting + 0.12 * (x - 0.5).abs();
    let mane = long_hair && inside(x, y, (0.5, 0.5), (0.235, 0.29)) && y < 0.74;
    let crown = inside(x, y, (0.5, 0.4), (0.2, 0.2));
    let neck = (x - 0.5).abs() < 0.07 && (0.6..0.8).contains(&y);
    let shoulders = inside(x, y, (0.5, 1.06), (0.42, 0.34));
    if face && !cap {
        return if eye {
            [40, 30, 28]
        } else if smile {
            [176, 74, 68]
        } else {
            skin
        };
    }
    if cap || (crown && !face) {
        hair
    } else if shoulders {
        CLOTHES[n * 3 % CLOTHES.len()]
    } else if neck {
        skin.map(|part| part - part / 10)
    } else if mane {
        hair
    } else {
        let wall = WALLS[n % WALLS.len()];
        wall.map(|part| part - (y * 24.0) as u8)
    }
}
