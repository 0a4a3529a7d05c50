import pytest

from roles.words import listed, with_article


@pytest.mark.parametrize(
    "phrase",
    [
        *("AI tool", "EHR", "LLM", "NLP pipeline", "ML model", "MLOps job", "FDA rule", "HL7 message", "ICD-10 code"),
        *("OMOP table", "RN", "LCSW", "SDOH field", "XGBoost model", "AI/ML product", "IoT device", "i2b2 schema"),
        *("hour", "honest answer", "unimportant detail", "analyst", "“open” answer", "NDC", "OHDSI study"),
    ],
)
def test_an_before_a_vowel_sound(phrase):
    assert with_article(phrase) == f"an {phrase}"


@pytest.mark.parametrize(
    "phrase",
    [
        *("FHIR server", "HIPAA rule", "RAG system", "SaMD", "SQL query", "PHI field", "CHF patient", "UMLS license"),
        *("one-page note", "US rule", "university", "unit test", "European rule", "MIMIC-III table", "LOINC code"),
        *("usual case", "Clinical AI Engineer", "SHAP value", "SNOMED CT code", "GDPR rule"),
    ],
)
def test_a_before_a_consonant_sound(phrase):
    assert with_article(phrase) == f"a {phrase}"


def test_a_list_ends_in_and():
    assert listed([]) == ""
    assert listed(["A"]) == "A"
    assert listed(["A", "B"]) == "A and B"
    assert listed(["A", "B", "C"]) == "A, B and C"
