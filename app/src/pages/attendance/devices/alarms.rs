//! What devices did or lack, until somebody has looked.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::attendance::views::{DeviceAlarmView, Severity};

use super::Doings;
use crate::action::problem_of;
use crate::pages::attendance::common::severity_words;
use crate::ui::{Button, Chip, ErrorSummary, Section, Time};

/// Open alarms, the gravest first.
#[component]
pub fn Alarms(
    /// The alarms of each device, by its name.
    raised: Vec<(String, Vec<DeviceAlarmView>)>,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    let mut alarms: Vec<(String, DeviceAlarmView)> = raised
        .into_iter()
        .flat_map(|(name, alarms)| {
            let alarms = alarms.into_iter();
            alarms.map(move |alarm| (name.clone(), alarm))
        })
        .collect();
    if alarms.is_empty() {
        return ().into_any();
    }
    alarms.sort_by_key(|(_, alarm)| {
        let grave = match alarm.severity {
            Severity::Serious => 0,
            Severity::Warning => 1,
            Severity::Info => 2,
        };
        (grave, std::cmp::Reverse(alarm.at.at))
    });
    let problem = problem_of(doings.close);
    let lines = alarms
        .into_iter()
        .map(|(name, alarm)| line(name, alarm, doings))
        .collect_view();
    view! {
        <Section title="Alarms">
            <ErrorSummary problem/>
            <ul class="alarms">{lines}</ul>
        </Section>
    }
    .into_any()
}

fn line(name: String, alarm: DeviceAlarmView, doings: Doings) -> AnyView {
    let (label, tone) = severity_words(alarm.severity);
    let spoken = format!(": {name}, {}", alarm.text);
    let close = doings.close;
    view! {
        <li class="alarm">
            <Chip tone label/>
            <span class="alarm-text">
                <b>{name}</b>
                ": "
                {alarm.text}
                " "
                <span class="quiet small"><Time stamp=alarm.at/></span>
            </span>
            <ActionForm action=close>
                <input type="hidden" name="id" value=alarm.id.to_string()/>
                <Button small=true submit=true busy=close.pending()>
                    "Put away"
                    <span class="sr-only">{spoken}</span>
                </Button>
            </ActionForm>
        </li>
    }
    .into_any()
}
