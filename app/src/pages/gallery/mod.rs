//! Every component with data in it, on one page: where a component is looked at while it is made,
//! and what the accessibility and screenshot tests run on. The data are invented and fixed.

mod basics;
mod examples;
mod forms;
mod lists;
mod payment;
mod states;

use leptos::prelude::*;

pub use examples::example_navigation;

use crate::ui::{
    Amount, AmountSize, Button, Choice, FigureCard, Figures, Icon, LinkButton, Look, Menu,
    MenuAction, MenuLink, Notice, Page, PageHeader, RadioRows, Section, Tab, Tabs, TextField, Tone,
};
use examples::eur;

/// The gallery in the frame of signed-in people.
#[component]
pub fn Gallery() -> impl IntoView {
    let facts = view! {
        <span>"Every component, with invented data"</span>
        <span>"Times in Europe/Berlin"</span>
        <a href="/gallery/public">"The customers' side"</a>
    }
    .into_any();
    view! {
        <Page>
            <PageHeader title="Gallery" facts>
                <Menu label="More actions" icon=Icon::Dots>
                    <MenuLink href="/gallery?sort=-amount" icon=Icon::ArrowDown>
                        "Sort by amount"
                    </MenuLink>
                    <MenuLink href="/gallery" icon=Icon::Refresh>
                        "Back to the start"
                    </MenuLink>
                    <hr/>
                    <MenuAction icon=Icon::Cross danger=true>
                        "Remove this view"
                    </MenuAction>
                </Menu>
                <LinkButton href="/gallery" icon=Icon::Export>
                    "Export"
                </LinkButton>
                <Button look=Look::Primary icon=Icon::Plus>
                    "New order"
                </Button>
            </PageHeader>
            <Tabs
                label="Parts of the gallery"
                tabs=vec![
                    Tab::new("/gallery", "All components").count(42),
                    Tab::new("/gallery/public", "For customers"),
                ]
            />
            <MainFigures/>
            <lists::Charts/>
            <lists::PaymentsTable/>
            <payment::PaymentParts/>
            <lists::TrialBalance/>
            <forms::Forms/>
            <states::States/>
            <basics::Basics/>
        </Page>
    }
}

#[component]
fn MainFigures() -> impl IntoView {
    let volume = view! { <Amount money=eur(18_425_090)/> }.into_any();
    view! {
        <Figures>
            <FigureCard
                label="Success rate"
                value="98.4\u{a0}%"
                comparison="Up 0.6 points on the week before"
                tone=Tone::Positive
                spark=vec![96.9, 97.4, 97.1, 98.0, 97.8, 98.2, 98.4]
            />
            <FigureCard
                label="Volume"
                face=volume
                comparison="4.1 % less than the week before"
                href="/gallery?status=captured"
            />
            <FigureCard
                label="Median time to settle"
                value="1 d 6 h"
                comparison="As the week before"
                spark=vec![30.0, 31.0, 29.0, 30.0, 33.0, 30.0, 30.0]
            />
            <FigureCard
                label="Open exceptions"
                value="7"
                comparison="3 more than the week before; the oldest is 4 days old"
                tone=Tone::Caution
            />
        </Figures>
    }
}

/// The gallery's page in the frame of customers.
#[component]
pub fn PublicGallery() -> impl IntoView {
    view! {
        <PageHeader
            title="Pay 49.90 EUR"
            face=view! { <Amount money=eur(4_990) size=AmountSize::Huge/> }.into_any()
            facts=view! {
                <span>"Annual calibration, tuning fork set"</span>
                <span>"Order INV-1042"</span>
            }
                .into_any()
        />
        <form class="form" method="get">
            <RadioRows
                name="method"
                legend="How to pay"
                value="card"
                choices=vec![
                    Choice::new("card", "Card")
                        .detail("Visa, Mastercard, American Express")
                        .icon(Icon::Card),
                    Choice::new("bank", "Bank transfer")
                        .detail("Arrives in one to two days")
                        .icon(Icon::Scales),
                ]
            />
            <TextField name="name" label="Name on the card" autocomplete="cc-name"/>
            <Button look=Look::Primary wide=true submit=true icon=Icon::Lock>
                "Pay 49.90 EUR"
            </Button>
        </form>
        <Section title="When it does not work">
            <Notice
                tone=Tone::Negative
                title="Your bank declined this card"
                text="Nothing was charged. Try another card or ask your bank."
            />
        </Section>
    }
}
