//! An SVG image: its elements, and its colours for light and for dark.

use std::fmt::Write;

use crate::names::{columns, cut, escaped};

/// The colours of what pictures have in common, on light paper and on dark.
pub const PAPER: [&str; 2] = ["#fff", "#0d1117"];
/// That of the text.
pub const INK: [&str; 2] = ["#1f2328", "#e6edf3"];
/// That of text that is less important.
pub const SOFT: [&str; 2] = ["#59636e", "#9aa4ae"];
/// That of lines.
pub const LINE: [&str; 2] = ["#d1d9e0", "#3a424b"];

/// An SVG image that is being drawn.
///
/// It has no scripts and no ids, so that a page can hold several. All lengths are in its own units,
/// which are pixels unless it is scaled.
///
/// # Examples
///
/// ```
/// use timeline::image::{INK, Image, PAPER, palette};
///
/// let mut image = Image::default();
/// image.text("", [10.0, 20.0], "1 < 2");
/// let style = palette(&[(".paper { fill: ? }", PAPER), ("text { fill: ? }", INK)]);
/// let svg = image.finish([90.0, 30.0], "A picture", "It compares two numbers.", &style);
/// assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
/// assert!(svg.contains(r#"<text x="10" y="20">1 &lt; 2</text>"#));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Image {
    elements: String,
}

impl Image {
    /// Draws a text whose baseline begins at a point.
    pub fn text(&mut self, class: &str, at: [f64; 2], text: &str) {
        self.text_cut(class, at, text, usize::MAX);
    }

    /// Draws a text of so many columns at most. What is cut is in its title.
    pub fn text_cut(&mut self, class: &str, [x, y]: [f64; 2], text: &str, most: usize) {
        let title = match columns(text) > most {
            true => format!("<title>{}</title>", escaped(text)),
            false => String::new(),
        };
        let shown = escaped(&cut(text, most));
        let (class, x, y) = (class_of(class), short(x), short(y));
        self.element(format_args!(
            r#"<text{class} x="{x}" y="{y}">{title}{shown}</text>"#
        ));
    }

    /// Draws a rectangle: the left, the top, the width and the height.
    pub fn rect(&mut self, class: &str, sides: [f64; 4]) {
        let (class, [x, y, width, height]) = (class_of(class), sides.map(short));
        self.element(format_args!(
            r#"<rect{class} x="{x}" y="{y}" width="{width}" height="{height}"/>"#
        ));
    }

    /// Draws a line between two points.
    pub fn line(&mut self, class: &str, from: [f64; 2], to: [f64; 2]) {
        let ([x, y], [to_x, to_y]) = (from.map(short), to.map(short));
        let class = class_of(class);
        self.element(format_args!(r#"<path{class} d="M{x} {y}L{to_x} {to_y}"/>"#));
    }

    fn element(&mut self, element: std::fmt::Arguments<'_>) {
        _ = writeln!(self.elements, "{element}");
    }

    /// Returns the image, of this width and height, on a rectangle of class `paper`.
    ///
    /// The title and the description say what it shows to those who cannot see it.
    pub fn finish(self, size: [f64; 2], title: &str, description: &str, style: &str) -> String {
        let [width, height] = size.map(short);
        let (title, description) = (escaped(title), escaped(description));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\">\n\
             <title>{title}</title>\n<desc>{description}</desc>\n\
             <style>\n{style}</style>\n\
             <rect class=\"paper\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>\n\
             {}</svg>\n",
            self.elements
        )
    }
}

/// Writes the rules of a style, each with a `?` that is a colour: the first on light paper and in
/// print, the second for readers who have chosen dark.
///
/// The rules name the colours themselves, because not every viewer knows variables.
pub fn palette<S: AsRef<str>>(rules: &[(S, [&str; 2])]) -> String {
    let list = |dark: usize| {
        let rules = rules.iter().map(|(rule, colors)| (rule.as_ref(), colors));
        let rules = rules.map(|(rule, colors)| rule.replace('?', colors[dark]) + "\n");
        rules.collect::<String>()
    };
    let (light, dark) = (list(0), list(1));
    format!("{light}@media screen and (prefers-color-scheme: dark) {{\n{dark}}}\n")
}

fn class_of(class: &str) -> String {
    match class {
        "" => String::new(),
        class => format!(" class=\"{class}\""),
    }
}

/// Rounds a length to a tenth.
fn short(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}
