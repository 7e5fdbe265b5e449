//! The shipped templates, and what the check says about broken ones.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod broken_text;
#[cfg(test)]
mod folder;
#[cfg(test)]
mod round;
#[cfg(test)]
mod shipped;
