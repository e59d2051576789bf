//! Colours, chips, icons, type.

use leptos::prelude::*;
use model::payments::PaymentStatus;

use super::examples::eur;
use crate::ui::{
    Amount, AmountSize, Chip, Glyph, Icon, Mark, PaymentChip, Section, ShortId, Tone, WordMark,
};

const HUES: [&str; 6] = ["accent", "positive", "caution", "negative", "info", "leave"];

#[component]
pub fn Basics() -> impl IntoView {
    let swatches = HUES
        .iter()
        .map(|hue| {
            view! {
                <li class=format!("swatch swatch-{hue}")>
                    {*hue}
                    <svg aria-hidden="true"><rect width="100%" height="100%"></rect></svg>
                </li>
            }
        })
        .collect_view();
    let payments = PaymentStatus::ALL
        .iter()
        .map(|status| view! { <PaymentChip status=*status/> })
        .collect_view();
    let icons = Icon::ALL
        .iter()
        .map(|icon| view! { <li><Glyph icon=*icon/> {format!("{icon:?}")}</li> })
        .collect_view();
    view! {
        <Section title="Chips">
            <div class="row">{payments}</div>
            <div class="row">
                <Chip tone=Tone::Positive label="Present"/>
                <Chip tone=Tone::Caution label="Late"/>
                <Chip tone=Tone::Negative label="Missing punch"/>
                <Chip tone=Tone::Info label="On break"/>
                <Chip tone=Tone::Leave label="On leave"/>
                <Chip label="Day off"/>
                <Chip tone=Tone::Unknown label="Calendar not read"/>
            </div>
        </Section>
        <Section title="Colours">
            <ul class="gallery-swatches">{swatches}</ul>
        </Section>
        <Section title="Type and figures">
            <div class="row">
                <Mark/>
                <WordMark href="/gallery"/>
            </div>
            <div class="row">
                <Amount money=eur(123_456_789) size=AmountSize::Huge/>
                <Amount money=eur(-123_450) size=AmountSize::Large/>
                <Amount money=eur(5)/>
            </div>
            <p>
                "Body text is 14 px on a rhythm of four. "
                <a href="/gallery">"A link"</a>
                ", "
                <strong>"something strong"</strong>
                ", a key "
                <kbd>"J"</kbd>
                ", an id "
                <ShortId id="019ab2f0-4c1e-7d20-9a11-5f0c2b7e4a01" label="example id"/>
                "."
            </p>
            <p class="small muted">"Second text at 13 px, for what explains."</p>
        </Section>
        <Section title="Icons">
            <ul class="gallery-icons">{icons}</ul>
        </Section>
    }
}
