//! The features that a candidate is scored by. Each is named, and each weight stands under its name
//! in `weights.toml`.

/// Declares the features with their names.
macro_rules! features {
    ($($(#[$doc:meta])* $feature:ident = $name:literal),+ $(,)?) => {
        /// One feature of a candidate.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Feature { $($(#[$doc])* $feature),+ }

        impl Feature {
            /// Every feature, in order.
            pub const ALL: &[Self] = &[$(Self::$feature),+];

            /// The name in `weights.toml`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$feature => $name),+ }
            }
        }
    };
}

features! {
    /// Always one: how much must speak for a candidate before it beats “nothing answers”.
    Bias = "bias",
    /// Explained weight of all weight.
    Share = "share",
    /// Weight of unexplained nouns that the documents do not have.
    NounAbsent = "noun_absent",
    /// Weight of unexplained nouns that stand elsewhere in the documents.
    NounElsewhere = "noun_elsewhere",
    /// The heaviest unexplained noun.
    NounHeaviest = "noun_heaviest",
    /// Weight of unexplained verbs and adjectives that the documents do not have.
    VerbAbsent = "verb_absent",
    /// The same, of those that stand elsewhere (开工 for 完工).
    VerbElsewhere = "verb_elsewhere",
    /// Weight of unexplained names of places, persons, organisations.
    NameUnexplained = "name_unexplained",
    /// Whether a place is unexplained.
    PlaceUnexplained = "place_unexplained",
    /// Whether a role is unexplained (主任, 负责人).
    RoleUnexplained = "role_unexplained",
    /// Weight of unexplained numbers.
    NumberUnexplained = "number_unexplained",
    /// Weight of unexplained words that the documents do not have, near what is explained.
    AbsentNear = "absent_near",
    /// The same of words that stand elsewhere in the documents.
    ElsewhereNear = "elsewhere_near",
    /// How far the last noun of what is asked is unexplained: the head of the phrase.
    HeadOpen = "head_open",
    /// A word of a name is replaced by another one (登记 for 调查).
    Replaced = "replaced",
    /// Things of the field that the question names and the record does not.
    ConceptOpen = "concept_open",
    /// When, who or where is asked, and the text names none.
    SortMissing = "sort_missing",
    /// When, who or where is asked, and the text names one.
    SortFound = "sort_found",
    /// Weight that a duty, an imprint or a count leaves open.
    DocumentOpen = "document_open",
    /// Weight of other unexplained words.
    OtherUnexplained = "other_unexplained",
    /// Weight of question words that this kind has no use for.
    OperatorUnused = "operator_unused",
    /// Weight in parts of the question that tell something beside what is asked.
    IdlePart = "idle_part",
    /// An unexplained noun right beside an explained word.
    TouchNoun = "touch_noun",
    /// The same beside the name of a named record (森林|覆盖率).
    TouchNounOfName = "touch_noun_of_name",
    /// An unexplained verb right beside an explained word.
    TouchVerb = "touch_verb",
    /// The same beside the name of a named record.
    TouchVerbOfName = "touch_verb_of_name",
    /// An unexplained word between two explained ones.
    Inside = "inside",
    /// The same within a name (城镇|登记|失业率).
    InsideName = "inside_name",
    /// Half a word explained by a name (财政|赤字).
    HalfOfName = "half_of_name",
    /// Compounds of the question that the record does not have.
    Compound = "compound",
    /// Named years agree.
    YearAgrees = "year_agrees",
    /// Named years of which the record says nothing.
    YearUnsaid = "year_unsaid",
    /// What is asked is what this kind answers.
    KindAgrees = "kind_agrees",
    /// Question words that this kind does not answer, of records of the tables.
    KindDiffersTable = "kind_differs_table",
    /// The same, of clauses.
    KindDiffersClause = "kind_differs_clause",
    /// The same, of passages and terms.
    KindDiffersPassage = "kind_differs_passage",
    /// A meaning is asked and running text is given.
    MeaningAskedOfText = "meaning_asked_of_text",
    /// Further records of a set.
    Several = "several",
    /// A set where the question joins nothing.
    SeveralUnasked = "several_unasked",
    /// The question has hardly any content.
    LittleContent = "little_content",
    /// Nothing tells what is asked, by kind.
    BareValue = "bare_value",
    /// See above.
    BareTerm = "bare_term",
    /// See above.
    BareClause = "bare_clause",
    /// See above.
    BarePassage = "bare_passage",
    /// The record is of this kind.
    IsValue = "is_value",
    /// See above.
    IsAttribute = "is_attribute",
    /// See above.
    IsVerdict = "is_verdict",
    /// See above.
    IsCompare = "is_compare",
    /// See above.
    IsReason = "is_reason",
    /// See above.
    IsTable = "is_table",
    /// See above.
    IsTerm = "is_term",
    /// See above.
    IsReverse = "is_reverse",
    /// See above.
    IsClause = "is_clause",
    /// See above.
    IsPassage = "is_passage",
    /// See above.
    IsDuty = "is_duty",
    /// See above.
    IsDocument = "is_document",
    /// What share of the name is said.
    Cover = "cover",
    /// How far below three quarters that share is.
    CoverLow = "cover_low",
    /// The name or an alias stands verbatim.
    Verbatim = "verbatim",
    /// All of the name is said.
    Complete = "complete",
    /// Another name is said in full by the same words.
    Overshadowed = "overshadowed",
    /// The first word of the name is not said.
    LeavesFirst = "leaves_first",
    /// The name is only meant by a saying.
    OnlyMeant = "only_meant",
    /// The unit asked for is that of the cell (1) or another (−1).
    CellUnit = "cell_unit",
    /// The table has no cell of that measure.
    NoSuchMeasure = "no_such_measure",
    /// What share of a term's name is said.
    TermCover = "term_cover",
    /// How far below four fifths it is.
    TermLow = "term_low",
    /// The term stands verbatim.
    TermVerbatim = "term_verbatim",
    /// An amount is asked of a term.
    TermAmount = "term_amount",
    /// The name is one that a definition explains in passing.
    TermInner = "term_inner",
    /// Weight that a definition explains, where its name is looked for.
    ReverseWeight = "reverse_weight",
    /// A meaning is asked and a name is given.
    ReverseOfMeaning = "reverse_of_meaning",
    /// The unit of the figure agrees (1 the same, 0.6 the same kind, −1 another kind).
    UnitAgrees = "unit_agrees",
    /// The unit is of another kind.
    UnitDiffers = "unit_differs",
    /// The noun that is counted stands in the figure's own stretch.
    HeadFound = "head_found",
    /// It does not.
    HeadMissing = "head_missing",
    /// Share of the figure's stretch that the question does not say.
    ZoneUnsaid = "zone_unsaid",
    /// The same beyond 0.4 where the question has one content word.
    ZoneUnsaidSingle = "zone_unsaid_single",
    /// The same where the question has little content.
    ZoneUnsaidBare = "zone_unsaid_bare",
    /// Weight of what the stretch says beyond the question.
    ZoneWeight = "zone_weight",
    /// Weight of the question found in the figure's stretch.
    ZoneFound = "zone_found",
    /// Weight of the question found in the clause itself.
    ClauseOwn = "clause_own",
    /// The figure restricts a noun.
    Restricts = "restricts",
    /// Aim and result agree, where no year is named.
    MeasureAgrees = "measure_agrees",
    /// A result is given for an aim, or the other way round.
    MeasureDiffers = "measure_differs",
    /// What there is is asked for, and a stock is given.
    Stock = "stock",
    /// A change is asked and given, or a level is asked and given (1), or one for the other (−1).
    ChangeAgrees = "change_agrees",
    /// The figure is that of a quarter or a month that the question does not name.
    PeriodUnasked = "period_unasked",
    /// A definition is given where an aim, a result or a year is asked about.
    TermTimed = "term_timed",
    /// The question has the name with one letter changed.
    NameChanged = "name_changed",
    /// Weight of words near a term that neither its name nor its definition says.
    TermOpen = "term_open",
    /// Two things are compared and one is given.
    CompareSingle = "compare_single",
    /// More amounts are asked for than there are figures.
    AmountsOpen = "amounts_open",
    /// A list is asked for and nothing is listed.
    ListMissing = "list_missing",
    /// A counted list is asked for, and as many members are named.
    CountAgrees = "count_agrees",
    /// The same, and no so many are named.
    CountDiffers = "count_differs",
    /// Unexplained nouns right before what is explained, counted.
    ModifierOpen = "modifier_open",
    /// Names that are explained only by the surroundings.
    FarName = "far_name",
    /// Nouns that are explained only by the surroundings.
    FarNoun = "far_noun",
    /// A word of the question stands in few sentences of the documents, and in this one: 1 for the
    /// only one, less for more.
    OnlyHere = "only_here",
    /// Verbs of the clause that the question does not say.
    VerbUnsaid = "verb_unsaid",
    /// What is asked was done by an act that the clause does not name, and the clause names others.
    ActDiffers = "act_differs",
    /// No amount is asked for and a clause with a figure is given.
    ClauseUnasked = "clause_unasked",
    /// Weight of the question in the headline above a passage.
    HeadlineFound = "headline_found",
    /// Weight of the question in the passage itself.
    PassageOwn = "passage_own",
    /// The share of that weight that stands outside of the sentence that has most of it.
    PassageScattered = "passage_scattered",
    /// Logarithm of the passage's length.
    PassageLength = "passage_length",
    /// Weight a length: dense passages say what is asked.
    PassageDense = "passage_dense",
    /// A whole item.
    GrainItem = "grain_item",
    /// A stretch.
    GrainStretch = "grain_stretch",
    /// An announced list.
    GrainList = "grain_list",
    /// A note.
    GrainNote = "grain_note",
    /// A list is asked for, and an announced list or an enumeration is given.
    ListAgrees = "list_agrees",
    /// How or which is asked, and the passage stands among measures.
    HowAgrees = "how_agrees",
    /// Why is asked, and the passage gives a reason.
    WhyAgrees = "why_agrees",
    /// Why is asked of anything else.
    WhyDiffers = "why_differs",
    /// An amount is asked for and a passage is given.
    PassageAmount = "passage_amount",
    /// The same, and so much of what the passage says of the question stands apart from any figure
    /// that could be meant.
    AmountFar = "amount_far",
    /// Constraints of a table query.
    Constraints = "constraints",
}

/// The values of a candidate's features.
#[derive(Debug, Clone, PartialEq)]
pub struct Features(Vec<f32>);

impl Default for Features {
    fn default() -> Self {
        Self(vec![0.0; Feature::ALL.len()])
    }
}

impl Features {
    /// One feature's value.
    pub fn get(&self, feature: Feature) -> f32 {
        self.0[feature as usize]
    }

    /// Sets a feature.
    pub fn set(&mut self, feature: Feature, value: f32) {
        self.0[feature as usize] = value;
    }

    /// Adds to a feature.
    pub fn add(&mut self, feature: Feature, value: f32) {
        self.0[feature as usize] += value;
    }

    /// All values in the order of `Feature::ALL`.
    pub fn values(&self) -> &[f32] {
        &self.0
    }
}
