"""The post-nominals that a clinic in the United States meets every day.

One row for each abbreviation. It tells the byline parser what is a credential, and it
is what the table of credential types is first filled with; staff may add their own.

`rank` is the customary place in a byline, lower first, in steps of a hundred so that
types of one's own fit between. It follows the advice of the professions' own bodies,
which do not agree: therapists put the licence first (APTA: PT, DPT, then specialties),
nurses the highest degree (ANCC: degree, licence, then certification: PhD, RN). Where an
author writes another order, that order wins; see `Author.credentials_on`.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import NamedTuple


class Kind(StrEnum):
    DEGREE = "degree"
    LICENCE = "licence"
    CERTIFICATION = "certification"
    HONOUR = "honour"


class KnownCredential(NamedTuple):
    """An abbreviation as it is printed, and what is known about it."""

    abbreviation: str
    name: str
    kind: Kind
    rank: int
    # Other spellings, beyond dots, spaces and hyphens, which never make a difference.
    variants: tuple[str, ...] = ()


THERAPY_LICENCE = 100
DOCTORATE = 200
MASTER = 300
BACHELOR = 400
ASSOCIATE = 450
LICENCE = 500
BOARD = 600
CERTIFICATE = 700
FELLOWSHIP = 800
HONOUR = 900
STUDENT = 950

# Abbreviation; name; customary rank; other spellings.
_Row = tuple[str, str, int] | tuple[str, str, int, tuple[str, ...]]

_LICENCES: tuple[_Row, ...] = (
    ("PT", "Physical Therapist", THERAPY_LICENCE, ("RPT", "LPT")),
    ("PTA", "Physical Therapist Assistant", THERAPY_LICENCE, ("LPTA",)),
    ("OT", "Occupational Therapist", THERAPY_LICENCE),
    ("OTR/L", "Occupational Therapist, Registered and Licensed", THERAPY_LICENCE),
    ("OTR", "Occupational Therapist, Registered", THERAPY_LICENCE),
    ("COTA", "Certified Occupational Therapy Assistant", THERAPY_LICENCE),
    ("COTA/L", "Certified Occupational Therapy Assistant, Licensed", THERAPY_LICENCE),
    ("RN", "Registered Nurse", LICENCE),
    ("LPN", "Licensed Practical Nurse", LICENCE),
    ("LVN", "Licensed Vocational Nurse", LICENCE),
    ("APRN", "Advanced Practice Registered Nurse", LICENCE),
    ("NP", "Nurse Practitioner", LICENCE),
    ("CRNP", "Certified Registered Nurse Practitioner", LICENCE),
    ("CNM", "Certified Nurse-Midwife", LICENCE),
    ("CRNA", "Certified Registered Nurse Anesthetist", LICENCE),
    ("PA", "Physician Assistant", LICENCE),
    ("PA-C", "Physician Assistant, Certified", LICENCE),
    ("RPh", "Registered Pharmacist", LICENCE),
    ("RD", "Registered Dietitian", LICENCE),
    ("RDN", "Registered Dietitian Nutritionist", LICENCE),
    ("LDN", "Licensed Dietitian Nutritionist", LICENCE),
    ("LAc", "Licensed Acupuncturist", LICENCE),
    ("LMT", "Licensed Massage Therapist", LICENCE),
    ("LAT", "Licensed Athletic Trainer", LICENCE),
    ("AT", "Athletic Trainer", LICENCE),
    ("LCSW", "Licensed Clinical Social Worker", LICENCE),
    ("LMSW", "Licensed Master Social Worker", LICENCE),
    ("LMFT", "Licensed Marriage and Family Therapist", LICENCE),
    ("LPC", "Licensed Professional Counselor", LICENCE),
    ("LMHC", "Licensed Mental Health Counselor", LICENCE),
    ("RRT", "Registered Respiratory Therapist", LICENCE),
    ("RDH", "Registered Dental Hygienist", LICENCE),
    ("LPed", "Licensed Pedorthist", LICENCE),
)

_DEGREES: tuple[_Row, ...] = (
    ("MD", "Doctor of Medicine", DOCTORATE),
    ("DO", "Doctor of Osteopathic Medicine", DOCTORATE),
    ("DPT", "Doctor of Physical Therapy", DOCTORATE),
    ("tDPT", "Transitional Doctor of Physical Therapy", DOCTORATE),
    ("OTD", "Doctor of Occupational Therapy", DOCTORATE),
    ("DC", "Doctor of Chiropractic", DOCTORATE),
    ("DPM", "Doctor of Podiatric Medicine", DOCTORATE),
    ("DDS", "Doctor of Dental Surgery", DOCTORATE),
    ("DMD", "Doctor of Medicine in Dentistry", DOCTORATE),
    ("OD", "Doctor of Optometry", DOCTORATE),
    ("AuD", "Doctor of Audiology", DOCTORATE),
    ("PharmD", "Doctor of Pharmacy", DOCTORATE),
    ("DNP", "Doctor of Nursing Practice", DOCTORATE),
    ("ND", "Doctor of Naturopathic Medicine", DOCTORATE, ("NMD",)),
    ("PhD", "Doctor of Philosophy", DOCTORATE),
    ("PsyD", "Doctor of Psychology", DOCTORATE),
    ("EdD", "Doctor of Education", DOCTORATE),
    ("ScD", "Doctor of Science", DOCTORATE, ("DSc",)),
    ("DHSc", "Doctor of Health Science", DOCTORATE),
    ("DrPH", "Doctor of Public Health", DOCTORATE),
    ("MBBS", "Bachelor of Medicine, Bachelor of Surgery", DOCTORATE, ("MBChB",)),
    ("JD", "Juris Doctor", DOCTORATE),
    ("MPT", "Master of Physical Therapy", MASTER),
    ("MSPT", "Master of Science in Physical Therapy", MASTER),
    ("MClScPT", "Master of Clinical Science in Physical Therapy", MASTER),
    ("MOT", "Master of Occupational Therapy", MASTER),
    ("MSOT", "Master of Science in Occupational Therapy", MASTER),
    ("MSN", "Master of Science in Nursing", MASTER),
    ("MSW", "Master of Social Work", MASTER),
    ("MPH", "Master of Public Health", MASTER),
    ("MPA", "Master of Public Administration", MASTER),
    ("MHA", "Master of Health Administration", MASTER),
    ("MBA", "Master of Business Administration", MASTER),
    ("MEd", "Master of Education", MASTER, ("EdM",)),
    ("MHS", "Master of Health Science", MASTER),
    ("MS", "Master of Science", MASTER, ("MSc", "SM")),
    ("MA", "Master of Arts", MASTER),
    ("BSPT", "Bachelor of Science in Physical Therapy", BACHELOR),
    ("BSN", "Bachelor of Science in Nursing", BACHELOR),
    ("BSW", "Bachelor of Social Work", BACHELOR),
    ("BS", "Bachelor of Science", BACHELOR, ("BSc",)),
    ("BA", "Bachelor of Arts", BACHELOR),
    ("ADN", "Associate Degree in Nursing", ASSOCIATE),
    ("SPT", "Student of Physical Therapy", STUDENT),
    ("SPTA", "Student Physical Therapist Assistant", STUDENT),
)

_CERTIFICATIONS: tuple[_Row, ...] = (
    ("ATC", "Certified Athletic Trainer", BOARD),
    ("CCC-SLP", "Certificate of Clinical Competence, Speech-Language", BOARD),
    ("CCC-A", "Certificate of Clinical Competence in Audiology", BOARD),
    ("OCS", "Orthopaedic Clinical Specialist", BOARD),
    ("SCS", "Sports Clinical Specialist", BOARD),
    ("NCS", "Neurologic Clinical Specialist", BOARD),
    ("GCS", "Geriatric Clinical Specialist", BOARD),
    ("PCS", "Pediatric Clinical Specialist", BOARD),
    ("WCS", "Women's Health Clinical Specialist", BOARD),
    ("CCS", "Cardiovascular and Pulmonary Clinical Specialist", BOARD),
    ("ECS", "Clinical Electrophysiologic Specialist", BOARD),
    ("FNP-BC", "Family Nurse Practitioner, Board Certified", BOARD),
    ("FNP-C", "Family Nurse Practitioner, Certified", BOARD),
    ("CHT", "Certified Hand Therapist", BOARD),
    ("BCBA", "Board Certified Behavior Analyst", BOARD),
    ("CDCES", "Certified Diabetes Care and Education Specialist", BOARD, ("CDE",)),
    ("IBCLC", "International Board Certified Lactation Consultant", BOARD),
    ("CSCS", "Certified Strength and Conditioning Specialist", CERTIFICATE),
    ("CSSD", "Certified Specialist in Sports Dietetics", CERTIFICATE),
    ("COMT", "Certified Orthopedic Manual Therapist", CERTIFICATE),
    ("MTC", "Manual Therapy Certified", CERTIFICATE),
    ("Cert. MDT", "Certified in Mechanical Diagnosis and Therapy", CERTIFICATE),
    ("Dip. MDT", "Diploma in Mechanical Diagnosis and Therapy", CERTIFICATE),
    ("CLT", "Certified Lymphedema Therapist", CERTIFICATE, ("CLT-LANA",)),
    ("CMTPT", "Certified Myofascial Trigger Point Therapist", CERTIFICATE),
    ("CIDN", "Certified in Integrative Dry Needling", CERTIFICATE),
    ("CAFS", "Certification in Applied Functional Science", CERTIFICATE),
    ("CEEAA", "Certified Exercise Expert for Aging Adults", CERTIFICATE),
    ("CES", "Corrective Exercise Specialist", CERTIFICATE),
    ("PES", "Performance Enhancement Specialist", CERTIFICATE),
    ("CPT", "Certified Personal Trainer", CERTIFICATE),
    ("CPed", "Certified Pedorthist", CERTIFICATE),
    ("CPO", "Certified Prosthetist Orthotist", CERTIFICATE),
    ("RYT", "Registered Yoga Teacher", CERTIFICATE),
    ("CWS", "Certified Wound Specialist", CERTIFICATE),
)

_HONOURS: tuple[_Row, ...] = (
    ("FAAOMPT", "Fellow, Orthopaedic Manual Physical Therapists", FELLOWSHIP),
    ("FAAOS", "Fellow, American Academy of Orthopaedic Surgeons", FELLOWSHIP),
    ("FACS", "Fellow, American College of Surgeons", FELLOWSHIP),
    ("FACP", "Fellow, American College of Physicians", FELLOWSHIP),
    ("FACSM", "Fellow, American College of Sports Medicine", FELLOWSHIP),
    ("FACFAS", "Fellow, American College of Foot and Ankle Surgeons", FELLOWSHIP),
    ("FAAP", "Fellow, American Academy of Pediatrics", FELLOWSHIP),
    ("FAAFP", "Fellow, American Academy of Family Physicians", FELLOWSHIP),
    ("FAAN", "Fellow, American Academy of Nursing", FELLOWSHIP),
    ("FAFS", "Fellow of Applied Functional Science", FELLOWSHIP),
    ("FAPTA", "Catherine Worthingham Fellow of the APTA", HONOUR),
    ("FAOTA", "Fellow, American Occupational Therapy Association", HONOUR),
)


def _rows() -> Iterator[KnownCredential]:
    tables = (
        (_LICENCES, Kind.LICENCE),
        (_DEGREES, Kind.DEGREE),
        (_CERTIFICATIONS, Kind.CERTIFICATION),
        (_HONOURS, Kind.HONOUR),
    )
    for table, kind in tables:
        for abbreviation, name, rank, *variants in table:
            other = variants[0] if variants else ()
            yield KnownCredential(abbreviation, name, kind, rank, other)


VOCABULARY: tuple[KnownCredential, ...] = tuple(_rows())


def bare(text: str) -> str:
    """`text` without what writers vary freely: dots, spaces, hyphens and slashes."""
    return "".join(character for character in text if character.isalnum())


@cache
def _by_spelling() -> dict[str, KnownCredential]:
    spellings: dict[str, KnownCredential] = {}
    for known in VOCABULARY:
        for spelling in (known.abbreviation, *known.variants):
            spellings.setdefault(bare(spelling), known)
    return spellings


@cache
def _by_folded_spelling() -> dict[str, KnownCredential]:
    return {spelling.lower(): known for spelling, known in _by_spelling().items()}


def find(text: str, *, any_case: bool = False) -> KnownCredential | None:
    """The credential that `text` spells, or None.

    Capitals count unless `any_case`: "MA" is a degree, "Ma" a family name.
    """
    key = bare(text)
    if any_case:
        return _by_folded_spelling().get(key.lower())
    return _by_spelling().get(key)
