//! A page as poppler paints it, to see what a picture covers.

use std::process::Command;

/// A painted page: 72 dots to the inch, so that a dot is a point.
#[derive(PartialEq)]
pub struct Paper {
    width: usize,
    height: usize,
    grey: Vec<u8>,
}

impl Paper {
    /// Paints a page, from 1.
    pub fn of(file: &[u8], page: u32) -> Self {
        let work = tempfile::tempdir().unwrap();
        let (source, target) = (work.path().join("in.pdf"), work.path().join("out"));
        std::fs::write(&source, file).unwrap();
        let page = page.to_string();
        let painted = Command::new("pdftoppm")
            .args(["-gray", "-r", "72", "-singlefile", "-f", &page, "-l", &page])
            .args([&source, &target])
            .output()
            .expect("pdftoppm is needed: apt-get install poppler-utils");
        assert!(painted.status.success(), "{}", String::from_utf8_lossy(&painted.stderr));
        let bytes = std::fs::read(target.with_extension("pgm")).unwrap();
        // «P5 width height 255», then a byte for each dot.
        let mut words = bytes.split(|byte| byte.is_ascii_whitespace());
        let mut number = || std::str::from_utf8(words.next().unwrap()).unwrap().parse().unwrap_or_default();
        let (_, width, height): (usize, usize, usize) = (number(), number(), number());
        let grey = bytes[bytes.len() - width * height..].to_vec();
        Self { width, height, grey }
    }

    /// Dots that differ: left, bottom, right and top of all of them together, from the lower left corner of the page.
    pub fn differs_within(&self, other: &Self) -> Option<[usize; 4]> {
        assert_eq!((self.width, self.height), (other.width, other.height));
        let places = (0..self.grey.len()).filter(|at| self.grey[*at] != other.grey[*at]);
        let places: Vec<(usize, usize)> =
            places.map(|at| (at % self.width, self.height - 1 - at / self.width)).collect();
        let (xs, ys) = (places.iter().map(|p| p.0), places.iter().map(|p| p.1));
        Some([xs.clone().min()?, ys.clone().min()?, xs.max()?, ys.max()?])
    }

    /// Whether no dot is lighter than there.
    pub fn is_nowhere_lighter_than(&self, other: &Self) -> bool {
        self.grey.iter().zip(&other.grey).all(|(own, others)| own <= others)
    }
}
