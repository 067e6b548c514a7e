//! How far a word is from one that is known, for "did you mean". Callers choose the words, long ones and many of
//! them, so what cannot be near is not looked at letter by letter.

/// How many letters `a` and `b` differ by: changed, added, left out, or swapped with the next. None when they are
/// more than `most`.
pub fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    if a == b {
        return Some(0);
    }
    let far = |far: &usize| *far <= most;
    Some(at_least(a, b)).filter(far)?;
    Some(strsim::damerau_levenshtein(a, b)).filter(far)
}

/// A bound that takes no longer than reading both: letters that one has more of must be changed or added.
fn at_least(a: &str, b: &str) -> usize {
    const KINDS: usize = 64;
    let mut more = [0_i32; KINDS];
    for letter in a.chars() {
        more[letter as usize % KINDS] += 1;
    }
    for letter in b.chars() {
        more[letter as usize % KINDS] -= 1;
    }
    let (mut in_a, mut in_b) = (0, 0);
    for more in more {
        in_a += more.max(0).unsigned_abs();
        in_b += more.min(0).unsigned_abs();
    }
    in_a.max(in_b) as usize
}

/// What goes by the name that is nearest to `word`, at most `most` letters away: the first of those that are as near.
pub fn nearest<Name: AsRef<str>, T>(
    word: &str,
    known: impl IntoIterator<Item = (Name, T)>,
    most: usize,
) -> Option<T> {
    let mut best: Option<(usize, T)> = None;
    for (name, it) in known {
        let most = match &best {
            Some((0, _)) => break,
            Some((far, _)) => far - 1,
            None => most,
        };
        if let Some(far) = distance(word, name.as_ref(), most) {
            best = Some((far, it));
        }
    }
    best.map(|(_, it)| it)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_bound_is_one(a in "[a-dé/]{0,12}", b in "[a-dé/]{0,12}", most in 0_usize..14) {
            let far = strsim::damerau_levenshtein(&a, &b);
            prop_assert!(at_least(&a, &b) <= far);
            prop_assert_eq!(distance(&a, &b, most), (far <= most).then_some(far));
        }

        #[test]
        fn the_first_of_the_nearest(word in "[ab]{0,4}", known in prop::collection::vec("[ab]{0,4}", 0..6), most in 0_usize..6) {
            let far = known.iter().map(|known| strsim::damerau_levenshtein(&word, known));
            let all = far.enumerate().filter(|(_, far)| *far <= most);
            let expected = all.min_by_key(|(_, far)| *far).map(|(n, _)| n);
            let numbered = known.iter().zip(0..);
            prop_assert_eq!(nearest(&word, numbered, most), expected);
        }
    }
}
