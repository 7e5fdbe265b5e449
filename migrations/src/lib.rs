//! schema history
