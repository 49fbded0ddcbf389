//! From a question to one outcome: every kind proposes, one score ranks, three zones decide, the
//! verifier has the last look.

use super::alike::{LookedAt, says_same, supported};
use super::answer::{Answer, AnswerKind, Choice, Clarification, Reply};
use super::asking::{self, Likely};
use super::candidate::{Asked, Candidate, Kind, NamedIndicator};
use super::crossing::crosses_frame;
use super::refuse::{self, Left};

use super::rivals::answers_from;
use super::sets::{Set, sets};
use super::verify::{Fault, verify};
use super::weights::Weights;
use super::zones::{Zone, answers_somewhere, probabilities, zone};
use crate::evidence::{ClauseId, Explainer, Library, PassageId};
use crate::language::{Slip, Sounds, Thesaurus, Units};
use crate::model::{Book, PlanId, Provenance};
use crate::question::{AskedMeasure, Courtesy, Operator, Question, Reader, courtesy};

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
    pub clauses: Vec<ClauseId>,
    /// Passages.
    pub passages: Vec<PassageId>,
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
    /// What is asked back in place of an answer that is not sure by itself, where it must be: what a
    /// talk lends to a question may be another thing.
    pub unsure: Option<Clarification>,
    /// Why an answer was not shown, when one was held back.
    pub fault: Option<Fault>,
}

/// A reply with what it was chosen by.
struct Decided {
    reply: Reply,
    chances: Vec<(Answer, f32)>,
    unsure: Option<Clarification>,
}

impl Decided {
    fn sure(reply: Reply, chances: Vec<(Answer, f32)>) -> Self {
        let unsure = None;
        Self {
            reply,
            chances,
            unsure,
        }
    }
}

/// What the kinds propose for one question.
#[derive(Default)]
struct Proposed {
    /// What keeps to the frame.
    candidates: Vec<Candidate>,
    /// What crosses it.
    outside: Vec<Candidate>,
    /// The candidates and what answers together, best first.
    sets: Vec<Set>,
}

impl Proposed {
    fn best_score(&self) -> Option<f32> {
        Some(self.sets.first()?.score)
    }
}

/// So many of the best answers are told with their probabilities.
const MOST_SEEN: usize = 5;
/// A reading by sound must beat the reading as typed by this much.
const SOUND_GAIN: f32 = 0.8;
/// Sets that are looked at for choices.
const MOST_LOOKED_AT: usize = 12;
/// Beside an answer that is sure by itself, what is less likely says nothing for it that anybody
/// sees.
const LEAST_BESIDE: f32 = 0.001;

impl Desk<'_> {
    /// Answers a question.
    pub fn reply(&self, typed: &str) -> Outcome {
        let question = Question::read(typed, &self.reader);
        if let Some(courtesy) = courtesy(&question) {
            let reply = match courtesy {
                Courtesy::Greeting => Reply::Help,
                Courtesy::Thanks => Reply::Courtesy,
            };
            return outcome(Decided::sure(reply, Vec::new()), question);
        }
        let explainer = Explainer::new(&self.library.texts, &question.words);
        let asked = self.asked(&question, &explainer);
        let proposed = self.proposed(&asked);
        let best = proposed.best_score().unwrap_or(f32::NEG_INFINITY);
        if let Some(sounded) = self.by_sound(&question, best) {
            return sounded;
        }
        outcome(self.decide(&asked, &proposed), question)
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
            measure: AskedMeasure::of(question),
        };
        asked.indicators = (self.named)(&asked);
        asked
    }

    /// Everything that the kinds propose, ranked.
    fn proposed(&self, asked: &Asked<'_>) -> Proposed {
        let mut candidates = Vec::new();
        // What somebody thinks of a figure stands in no document.
        if asked.question.has(Operator::Opinion) {
            return Proposed::default();
        }
        for kind in self.kinds {
            kind.propose(asked, &mut candidates);
        }
        let (outside, mut candidates): (Vec<Candidate>, _) = candidates
            .into_iter()
            .partition(|candidate| crosses_frame(asked, candidate));
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
        Proposed {
            sets: sets(asked, &candidates, self.weights),
            candidates,
            outside,
        }
    }

    /// What sounds like a name or a word of the documents and is written otherwise, in order.
    fn slips(&self, question: &Question) -> Vec<Slip> {
        let letters = &question.letters.canonical;
        // What the documents have as it was typed is no slip, nor what is cut out of words or of a
        // year.
        let starts: Vec<usize> = question.words.iter().map(|word| word.span.start).collect();
        let ends: Vec<usize> = question.words.iter().map(|word| word.span.end).collect();
        let is_slip = |slip: &Slip| {
            let written: String = letters[slip.span.clone()].iter().collect();
            let is_whole = starts.contains(&slip.span.start) && ends.contains(&slip.span.end);
            is_whole && !self.library.holds(&question.frame.plans, &written)
        };
        let of_names = self.sounds.slips(letters);
        let plans = &question.frame.plans;
        let in_documents = |text: &str| self.library.holds(plans, text);
        let doubtful = question.doubtful_words();
        let of_words = self
            .sounds
            .slips_of_words(letters, &doubtful, &in_documents);
        let mut slips: Vec<Slip> = of_names.into_iter().filter(&is_slip).collect();
        for slip in of_words.into_iter().filter(&is_slip) {
            let span = &slip.span;
            let is_free =
                |known: &Slip| known.span.end <= span.start || span.end <= known.span.start;
            if slips.iter().all(is_free) {
                slips.push(slip);
            }
        }
        slips.sort_by_key(|slip| slip.span.start);
        slips
    }

    /// The question as it sounds, where that makes a much better reading.
    fn by_sound(&self, question: &Question, best: f32) -> Option<Outcome> {
        let slips = self.slips(question);
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
        let proposed = self.proposed(&asked);
        let top = proposed.best_score()?;
        if top <= 0.0 || top < best + SOUND_GAIN {
            return None;
        }
        let mut decided = self.decide(&asked, &proposed);
        if let Reply::Answer(answer) = &mut decided.reply {
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
            ..outcome(decided, sounded)
        })
    }

    /// The ranked sets of a question with their answers: what the fit and `--explain` look at.
    pub fn ranked(&self, typed: &str, most: usize) -> (Question, Vec<Ranked>) {
        let question = Question::read(typed, &self.reader);
        let explainer = Explainer::new(&self.library.texts, &question.words);
        let asked = self.asked(&question, &explainer);
        let Proposed {
            candidates, sets, ..
        } = self.proposed(&asked);
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
        self.verified(joined?)
    }

    /// An answer that verifies, with the names of its plans.
    fn verified(&self, mut answer: Answer) -> Option<Answer> {
        verify(self.book, &answer).ok()?;
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

    /// The best sets with their answers. Where the first is sure by itself, only those beside it
    /// that are not next to impossible: to make an answer and hold it against the book takes a
    /// quarter of the time of a question.
    fn looked_at<'b>(
        &self,
        asked: &Asked<'_>,
        proposed: &'b Proposed,
        chances: &[f32],
    ) -> Vec<LookedAt<'b>> {
        let Proposed {
            candidates, sets, ..
        } = proposed;
        let look = |(set, chance): (&'b Set, &f32)| {
            let base = &candidates[set.members[0]];
            let answer = self.answer(asked, candidates, set)?;
            Some(LookedAt::new(asked, answer, *chance, base, &set.features))
        };
        let mut best = sets.iter().zip(chances).take(MOST_LOOKED_AT);
        let first = best.next().and_then(look);
        let is_sure = |first: &LookedAt<'_>| first.chance >= first.answer_from;
        // Where several places may be meant, each of them is a choice.
        let is_sure = first.as_ref().is_some_and(is_sure) && !asked.question.frame.is_open;
        let least = if is_sure { LEAST_BESIDE } else { 0.0 };
        let others = best.filter(|(_, chance)| **chance >= least);
        first.into_iter().chain(others.filter_map(look)).collect()
    }

    fn decide(&self, asked: &Asked<'_>, proposed: &Proposed) -> Decided {
        let Proposed {
            candidates,
            outside,
            sets,
        } = proposed;
        let scores: Vec<f32> = sets.iter().map(|set| set.score).collect();
        let chances = probabilities(&scores);
        let any: f32 = chances.iter().sum();
        let looked_at = self.looked_at(asked, proposed, &chances);
        let mut known: Vec<&LookedAt<'_>> = Vec::new();
        for one in &looked_at {
            if !known.iter().any(|known| says_same(known, one)) {
                known.push(one);
            }
        }
        let chances = supported(&looked_at, &known);
        let as_likely = |(one, chance): (&&LookedAt<'_>, f32)| Likely {
            choice: Choice {
                label: super::label::label(asked, &one.answer),
                answer: Box::new(one.answer.clone()),
            },
            chance,
            plan: one.plan,
        };
        let mut likely: Vec<Likely> = known.iter().zip(chances).map(as_likely).collect();
        let best = likely.first().map_or(0.0, |first| first.chance);
        let seen: Vec<(Answer, f32)> = likely
            .iter()
            .take(MOST_SEEN)
            .map(|one| ((*one.choice.answer).clone(), one.chance))
            .collect();
        let zone = zone(best, answers_from(asked, &known), any);
        // 去年达标的有几项 names none of them, since it asks for all.
        let first = likely.first().map(|one| one.choice.answer.kind);
        let is_of_table = zone == Zone::Answer && first == Some(AnswerKind::Table);
        if let Some(clarification) = asking::which_subject(asked)
            && !is_of_table
        {
            return Decided::sure(Reply::Clarify(clarification), Vec::new());
        }
        if asked.question.frame.is_open
            && (zone != Zone::Refuse || answers_somewhere(any))
            && let Some(clarification) = asking::which_place(asked, &likely)
        {
            return Decided::sure(Reply::Clarify(clarification), seen);
        }
        // A passage says something near what several indicators have in common: 收入增速.
        let names_row = first != Some(AnswerKind::Passage);
        let is_sure = known.first().is_some_and(|first| best >= first.answer_from);
        if is_sure && names_row {
            let answer = likely.swap_remove(0).choice.answer;
            return Decided::sure(Reply::Answer(answer), seen);
        }
        let answer = |set: &Set| self.answer(asked, candidates, set);
        if let Some(clarification) = asking::which_indicator(asked, candidates, sets, &answer) {
            return Decided::sure(Reply::Clarify(clarification), seen);
        }
        if zone == Zone::Answer {
            let answer = likely[0].choice.answer.clone();
            let unsure = (!is_sure).then(|| asking::which_answer(likely));
            return Decided {
                reply: Reply::Answer(answer),
                chances: seen,
                unsure,
            };
        }
        if zone == Zone::Ask && !likely.is_empty() {
            return Decided::sure(Reply::Clarify(asking::which_answer(likely)), seen);
        }
        let left = Left {
            candidates,
            sets,
            outside,
            near: likely.into_iter().map(|one| one.choice).collect(),
            answer: &|candidate| {
                let answer = candidate.record.answer(asked)?;
                self.verified(answer)
            },
        };
        Decided::sure(Reply::Unknown(refuse::refusal(asked, left)), seen)
    }
}

fn outcome(decided: Decided, question: Question) -> Outcome {
    Outcome {
        reply: decided.reply,
        question,
        respelled: Vec::new(),
        confidence: decided.chances.first().map_or(0.0, |(_, chance)| *chance),
        chances: decided.chances,
        unsure: decided.unsure,
        fault: None,
    }
}
