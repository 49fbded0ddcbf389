//! From a question to one outcome: every kind proposes, one score ranks, three zones decide, the
//! verifier has the last look.

use super::answer::{Answer, Choice, Clarification, Refusal, Reply};
use super::candidate::{Asked, AskedMeasure, Candidate, Kind, NamedIndicator};
use super::crossing::crosses_frame;
use super::refuse;
use super::score::Weights;
use super::sets::{Set, sets};
use super::verify::{Fault, verify};
use super::zones::{Zone, probabilities, zone};
use crate::evidence::{Explainer, Library};
use crate::language::{Sounds, Thesaurus, Units};
use crate::model::{Book, Measure, PlanId, Provenance};
use crate::question::{Courtesy, Operator, Question, Reader, courtesy};

/// Everything that a decision may look at.
pub struct Desk<'a> {
    /// All plans.
    pub book: &'a Book,
    /// All evidence.
    pub library: &'a Library,
    /// The field's names.
    pub thesaurus: &'a Thesaurus,
    /// What units measure.
    pub units: &'a Units,
    /// How names sound.
    pub sounds: &'a Sounds,
    /// Every kind of question.
    pub kinds: &'a [&'a dyn Kind],
    /// Finds the indicators that a question names.
    pub named: fn(&Asked<'_>) -> Vec<NamedIndicator>,
    /// What the index proposes for a question.
    pub search: &'a dyn Fn(&Question) -> Nearest,
    /// What a question is read with.
    pub reader: Reader<'a>,
    /// The weights of the score.
    pub weights: &'a Weights,
    /// What was shown already: asked for more, only other passages are an answer.
    pub shown: &'a [Provenance],
}

/// What the index proposes, best first, by number in the library.
#[derive(Debug, Clone, Default)]
pub struct Nearest {
    /// Clauses with figures.
    pub clauses: Vec<usize>,
    /// Passages.
    pub passages: Vec<usize>,
}

/// One ranked set as `--explain` and the fit see it.
pub struct Ranked {
    /// The set.
    pub set: Set,
    /// The probability that it is the right one, by the model.
    pub probability: f32,
    /// The answer that it gives, where it can be quoted and verified.
    pub answer: Option<Answer>,
}

/// A reply, how the question was read, and what the verifier held back.
pub struct Outcome {
    /// The reply.
    pub reply: Reply,
    /// How the question was read.
    pub question: Question,
    /// What was rewritten by sound: as typed, and the name.
    pub respelled: Vec<(String, String)>,
    /// The probability that the best record answers, by the model.
    pub confidence: f32,
    /// The best answers with their probabilities, best first: what the zones were chosen by.
    pub chances: Vec<(Answer, f32)>,
    /// Why an answer was not shown, when one was held back.
    pub fault: Option<Fault>,
}

/// At most so many choices are offered.
const MOST_CHOICES: usize = 3;
/// A reading by sound must beat the reading as typed by this much.
const SOUND_GAIN: f32 = 0.8;
/// Sets that are looked at for choices.
const MOST_LOOKED_AT: usize = 12;

impl Desk<'_> {
    /// Answers a question.
    pub fn reply(&self, typed: &str) -> Outcome {
        let question = Question::read(typed, &self.reader);
        if let Some(courtesy) = courtesy(&question) {
            let reply = match courtesy {
                Courtesy::Greeting => Reply::Help,
                Courtesy::Thanks => Reply::Courtesy,
            };
            return outcome(reply, question);
        }
        let explainer = Explainer::new(&self.library.texts, &question.words);
        let asked = self.asked(&question, &explainer);
        let candidates = self.candidates(&asked);
        let sets = sets(&asked, &candidates, self.weights);
        let best = sets.first().map_or(f32::NEG_INFINITY, |set| set.score);
        if let Some(sounded) = self.by_sound(&question, best) {
            return sounded;
        }
        let (reply, chances) = self.decide(&asked, &candidates, &sets);
        Outcome {
            confidence: chances.first().map_or(0.0, |(_, chance)| *chance),
            chances,
            ..outcome(reply, question)
        }
    }

    fn asked<'b>(&'b self, question: &'b Question, explainer: &'b Explainer<'b>) -> Asked<'b> {
        let nearest = (self.search)(question);
        let mut asked = Asked {
            question,
            book: self.book,
            library: self.library,
            thesaurus: self.thesaurus,
            units: self.units,
            explainer,
            indicators: Vec::new(),
            clauses: nearest.clauses,
            passages: nearest.passages,
            measure: asked_measure(question),
        };
        asked.indicators = (self.named)(&asked);
        asked
    }

    /// Everything that the kinds propose within the frame.
    fn candidates(&self, asked: &Asked<'_>) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        // What somebody thinks of a figure stands in no document.
        if asked.question.has(Operator::Opinion) {
            return candidates;
        }
        for kind in self.kinds {
            kind.propose(asked, &mut candidates);
        }
        candidates.retain(|candidate| !crosses_frame(asked, candidate));
        if !self.shown.is_empty() {
            candidates.retain(|candidate| {
                let answer = candidate.record.answer(asked);
                answer.is_some_and(|answer| {
                    let places = answer
                        .citations()
                        .iter()
                        .map(|citation| citation.provenance);
                    places.into_iter().all(|place| !self.shown.contains(&place))
                })
            });
        }
        candidates
    }

    /// The question as it sounds, where that makes a much better reading.
    fn by_sound(&self, question: &Question, best: f32) -> Option<Outcome> {
        let slips = self.sounds.slips(&question.letters.canonical);
        // What the documents have as it was typed is no slip, nor what is cut out of words or of a
        // year.
        let starts: Vec<usize> = question.words.iter().map(|word| word.span.start).collect();
        let ends: Vec<usize> = question.words.iter().map(|word| word.span.end).collect();
        let slips: Vec<_> = slips
            .into_iter()
            .filter(|slip| starts.contains(&slip.span.start) && ends.contains(&slip.span.end))
            .filter(|slip| {
                let written: String = question.letters.canonical[slip.span.clone()]
                    .iter()
                    .collect();
                !self.library.holds(&question.frame.plans, &written)
            })
            .collect();
        if slips.is_empty() {
            return None;
        }
        let mut letters = question.letters.clone();
        let respelled: Vec<(String, String)> = slips
            .iter()
            .map(|slip| (question.letters.typed(slip.span.clone()), slip.name.clone()))
            .collect();
        let replacements: Vec<_> = slips
            .into_iter()
            .map(|slip| (slip.span, slip.name.chars().collect()))
            .collect();
        letters.replace(&replacements);
        let sounded = Question::of_letters(&question.typed, letters, &self.reader);
        let explainer = Explainer::new(&self.library.texts, &sounded.words);
        let asked = self.asked(&sounded, &explainer);
        let candidates = self.candidates(&asked);
        let sets = sets(&asked, &candidates, self.weights);
        let top = sets.first()?.score;
        if top <= 0.0 || top < best + SOUND_GAIN {
            return None;
        }
        let (mut reply, chances) = self.decide(&asked, &candidates, &sets);
        if let Reply::Answer(answer) = &mut reply {
            let names: Vec<String> = respelled
                .iter()
                .map(|(_, name)| format!("“{name}”"))
                .collect();
            let line = format!("按{}理解", names.join("、"));
            answer.computed.push(line.clone());
            answer.context.push(line);
        }
        Some(Outcome {
            respelled,
            confidence: chances.first().map_or(0.0, |(_, chance)| *chance),
            chances,
            ..outcome(reply, sounded)
        })
    }

    /// The ranked sets of a question with their answers: what the fit and `--explain` look at.
    pub fn ranked(&self, typed: &str, most: usize) -> (Question, Vec<Ranked>) {
        let question = Question::read(typed, &self.reader);
        let explainer = Explainer::new(&self.library.texts, &question.words);
        let asked = self.asked(&question, &explainer);
        let candidates = self.candidates(&asked);
        let sets = sets(&asked, &candidates, self.weights);
        let scores: Vec<f32> = sets.iter().map(|set| set.score).collect();
        let ranked = sets
            .into_iter()
            .zip(probabilities(&scores))
            .take(most)
            .map(|(set, probability)| Ranked {
                answer: self.answer(&asked, &candidates, &set),
                set,
                probability,
            })
            .collect();
        (question, ranked)
    }

    /// The joined answer of a set; none where a record cannot be quoted or the answer does not
    /// verify.
    fn answer(&self, asked: &Asked<'_>, candidates: &[Candidate], set: &Set) -> Option<Answer> {
        let mut joined: Option<Answer> = None;
        for at in &set.members {
            let next = candidates[*at].record.answer(asked)?;
            joined = Some(match joined {
                Some(mut answer) => {
                    answer.add_context(&next.context);
                    answer.join(next);
                    answer
                }
                None => next,
            });
        }
        let mut answer = joined.filter(|answer| verify(self.book, answer).is_ok())?;
        answer.plan_names = self.plan_names(&answer);
        Some(answer)
    }

    /// Once more than one plan is loaded, each source says of which place and year it is.
    fn plan_names(&self, answer: &Answer) -> Vec<(PlanId, String)> {
        let mut names: Vec<(PlanId, String)> = Vec::new();
        if self.book.plans().len() < 2 {
            return names;
        }
        for citation in answer.citations() {
            if names.iter().any(|(known, _)| *known == citation.plan) {
                continue;
            }
            if let Some(plan) = self.book.by_id(&citation.plan) {
                let name = format!("{}{}年计划", plan.region, plan.plan_year);
                names.push((citation.plan.clone(), name));
            }
        }
        names
    }

    fn decide(
        &self,
        asked: &Asked<'_>,
        candidates: &[Candidate],
        sets: &[Set],
    ) -> (Reply, Vec<(Answer, f32)>) {
        let scores: Vec<f32> = sets.iter().map(|set| set.score).collect();
        let chances = probabilities(&scores);
        let any: f32 = chances.iter().sum();
        let looked_at: Vec<(Answer, f32, usize)> = sets
            .iter()
            .zip(&chances)
            .take(MOST_LOOKED_AT)
            .filter_map(|(set, chance)| {
                let plan = candidates[set.members[0]].plan;
                Some((self.answer(asked, candidates, set)?, *chance, plan))
            })
            .collect();
        let mut choices: Vec<(Choice, f32, usize)> = Vec::new();
        for (answer, _, plan) in &looked_at {
            if choices
                .iter()
                .any(|(known, ..)| says_same(&known.answer, answer))
            {
                continue;
            }
            // What says the same, or quotes the same, speaks for it too.
            let chance = looked_at
                .iter()
                .filter(|(other, ..)| supports(other, answer))
                .map(|(_, chance, _)| chance)
                .sum();
            let label = super::label::label(asked, answer);
            let answer = Box::new(answer.clone());
            choices.push((Choice { label, answer }, chance, *plan));
        }
        if lacks_subject(asked.question) {
            return (Reply::Clarify(self.which_subject(asked)), Vec::new());
        }
        let best = choices.first().map_or(0.0, |(_, chance, _)| *chance);
        let seen: Vec<(Answer, f32)> = choices
            .iter()
            .take(MOST_CHOICES + 2)
            .map(|(choice, chance, _)| ((*choice.answer).clone(), *chance))
            .collect();
        if asked.question.frame.is_open
            && let Some(reply) = self.which_place(asked, &choices, any)
        {
            return (reply, seen);
        }
        match zone(best, any) {
            Zone::Answer => {
                let answer = choices.swap_remove(0).0.answer;
                (Reply::Answer(answer), seen)
            }
            Zone::Ask if !choices.is_empty() => {
                let mut labels: Vec<String> = Vec::new();
                let mut kept = Vec::new();
                for (choice, chance, _) in choices {
                    let is_likely = kept.is_empty() || chance > 0.02;
                    if is_likely && !labels.contains(&choice.label) && kept.len() < MOST_CHOICES {
                        labels.push(choice.label.clone());
                        kept.push(choice);
                    }
                }
                let question = "您问的是哪一个？".to_string();
                let clarification = Clarification {
                    question,
                    choices: kept,
                    hints: Vec::new(),
                };
                (Reply::Clarify(clarification), seen)
            }
            _ => {
                let near = choices.into_iter().map(|(choice, ..)| choice).collect();
                let refusal: Refusal = refuse::refusal(asked, candidates, sets, near);
                (Reply::Unknown(refusal), seen)
            }
        }
    }

    /// Asks what is meant where a question says only what is wanted of it.
    fn which_subject(&self, asked: &Asked<'_>) -> Clarification {
        let plans = asked.plans().flat_map(|(_, plan)| &plan.indicators);
        Clarification {
            question: "您问的是哪一项？请带上名称再问一次，例如：".to_string(),
            choices: Vec::new(),
            hints: plans
                .take(MOST_CHOICES)
                .map(|indicator| indicator.name.clone())
                .collect(),
        }
    }

    /// Several places may be meant: each with its own best answer is a choice.
    fn which_place(
        &self,
        asked: &Asked<'_>,
        choices: &[(Choice, f32, usize)],
        any: f32,
    ) -> Option<Reply> {
        let mut of_place: Vec<(String, &Choice)> = Vec::new();
        for (choice, chance, plan) in choices {
            let region = asked.plan(*plan)?.region.clone();
            let known = of_place.iter().any(|(other, _)| *other == region);
            if !known && *chance > 0.02 {
                of_place.push((region, choice));
            }
        }
        let best = choices.first().map_or(0.0, |(_, chance, _)| *chance);
        if zone(best, any) == Zone::Refuse || of_place.is_empty() {
            return None;
        }
        let choices = of_place
            .into_iter()
            .take(MOST_CHOICES)
            .map(|(region, choice)| Choice {
                label: format!("{region} · {}", choice.label),
                answer: choice.answer.clone(),
            })
            .collect();
        Some(Reply::Clarify(Clarification {
            question: "您问的是哪个地方？".to_string(),
            choices,
            hints: Vec::new(),
        }))
    }
}

fn outcome(reply: Reply, question: Question) -> Outcome {
    Outcome {
        reply,
        question,
        respelled: Vec::new(),
        confidence: 0.0,
        chances: Vec::new(),
        fault: None,
    }
}

/// Whether a question asks for a figure, a verdict or a reason and names nothing.
fn lacks_subject(question: &Question) -> bool {
    const ASKS: &[Operator] = &[
        Operator::Amount,
        Operator::Verdict,
        Operator::Why,
        Operator::Target,
        Operator::Actual,
        Operator::Compare,
        Operator::Unit,
        Operator::Nature,
        Operator::Category,
    ];
    let names_nothing = question.words.iter().all(|word| !word.is_content());
    let elsewhere = question.any(&[
        Operator::Report,
        Operator::Issued,
        Operator::Indicator,
        Operator::Document,
        Operator::More,
        Operator::Opinion,
        Operator::List,
    ]);
    names_nothing && question.any(ASKS) && !elsewhere && question.frame.periods.is_empty()
}

/// Whether two answers say the same in their first line.
fn says_same(one: &Answer, other: &Answer) -> bool {
    if one.lead == other.lead {
        return true;
    }
    let (a, b) = (one.leading_figures(), other.leading_figures());
    supports(one, other) && supports(other, one) && a.len() == b.len()
}

/// Whether one answer is no other than a second one: it quotes the same place, and says the figures
/// of the second.
fn supports(one: &Answer, other: &Answer) -> bool {
    if one.lead == other.lead {
        return true;
    }
    let (cited, wanted) = (one.citations(), other.citations());
    let quotes_same = cited.iter().any(|citation| wanted.contains(citation));
    let same_indicator = other
        .only_indicator()
        .is_some_and(|name| one.lead.contains(name))
        && cited[0].plan == wanted[0].plan;
    let text = one.lines().collect::<Vec<_>>().join("\n");
    let figures = other.leading_figures();
    (quotes_same || same_indicator) && figures.iter().all(|figure| text.contains(figure.as_str()))
}

/// Aim or result, by the words of the question.
fn asked_measure(question: &Question) -> AskedMeasure {
    let text = &question.text;
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let target = question.has(Operator::Target);
    let actual = question.has(Operator::Actual);
    let strong_target = says(&[
        "目标",
        "计划",
        "年初定",
        "原定",
        "target",
        "goal",
        "plan",
        "任务",
        "力争",
        "打算",
        "要达到",
        "要做到",
        "要完成",
    ]) && !says(&["目标完成", "计划执行"]);
    let strong_actual = says(&[
        "实际",
        "实现了",
        "完成了",
        "实绩",
        "actual",
        "achieved",
        "完成情况",
        "做到了",
        "干到",
    ]) || says(&["完成", "做到", "达到"])
        && !says(&[
            "要完成",
            "要做到",
            "要达到",
            "将完成",
            "需完成",
            "完成目标",
            "达到目标",
        ])
        && !strong_target;
    let of_cell = match (target, actual) {
        (true, false) => Some(Measure::Target),
        (false, true) => Some(Measure::Actual),
        (true, true) if strong_target && !strong_actual => Some(Measure::Target),
        (true, true) if strong_actual && !strong_target => Some(Measure::Actual),
        _ => None,
    };
    let strong = match (strong_target, strong_actual) {
        (true, false) => Some(Measure::Target),
        (false, true) => Some(Measure::Actual),
        _ => None,
    };
    // 完成 in a question about a year that is still planned asks for the aim; 要 in one about a year
    // that is over is no aim.
    let year = question.frame.years.first().copied();
    let future = year.is_some_and(|year| year >= question.frame.this_year);
    let of_cell = match (of_cell, year) {
        (Some(Measure::Actual), Some(_)) if future => None,
        (Some(Measure::Target), Some(_)) if !future && !strong_target => None,
        (other, _) => other,
    };
    let strong = strong.filter(|measure| *measure != Measure::Actual || !future);
    let is_real = says(&[
        "实际",
        "实绩",
        "actual",
        "真实",
        "完成情况",
        "执行情况",
        "实现情况",
    ]) && !strong_target;
    let of_cell = if is_real {
        Some(Measure::Actual)
    } else {
        of_cell
    };
    let strong = if is_real {
        Some(Measure::Actual)
    } else {
        strong
    };
    AskedMeasure {
        of_cell,
        strong,
        is_real,
    }
}
