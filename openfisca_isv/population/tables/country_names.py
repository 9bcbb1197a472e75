"""What people call countries: names in two languages, alpha-3 codes, short forms."""

from functools import cache, lru_cache
from unicodedata import combining, normalize

from openfisca_isv.countries import COUNTRIES

#: ISO 3166-1 alpha-3, in the order of ``COUNTRIES``; XKX is in use for Kosovo.
_ALPHA_3 = (
    "AND ARE AFG ATG AIA ALB ARM AGO ATA ARG ASM AUT AUS ABW ALA AZE BIH BRB BGD BEL "
    "BFA BGR BHR BDI BEN BLM BMU BRN BOL BES BRA BHS BTN BVT BWA BLR BLZ CAN CCK COD "
    "CAF COG CHE CIV COK CHL CMR CHN COL CRI CUB CPV CUW CXR CYP CZE DEU DJI DNK DMA "
    "DOM DZA ECU EST EGY ESH ERI ESP ETH FIN FJI FLK FSM FRO FRA GAB GBR GRD GEO GUF "
    "GGY GHA GIB GRL GMB GIN GLP GNQ GRC SGS GTM GUM GNB GUY HKG HMD HND HRV HTI HUN "
    "IDN IRL ISR IMN IND IOT IRQ IRN ISL ITA JEY JAM JOR JPN KEN KGZ KHM KIR COM KNA "
    "PRK KOR KWT CYM KAZ LAO LBN LCA LIE LKA LBR LSO LTU LUX LVA LBY MAR MCO MDA MNE "
    "MAF MDG MHL MKD MLI MMR MNG MAC MNP MTQ MRT MSR MLT MUS MDV MWI MEX MYS MOZ NAM "
    "NCL NER NFK NGA NIC NLD NOR NPL NRU NIU NZL OMN PAN PER PYF PNG PHL PAK POL SPM "
    "PCN PRI PSE PRT PLW PRY QAT REU ROU SRB RUS RWA SAU SLB SYC SDN SWE SGP SHN SVN "
    "SJM SVK SLE SMR SEN SOM SUR SSD STP SLV SXM SYR SWZ TCA TCD ATF TGO THA TJK TKL "
    "TLS TKM TUN TON TUR TTO TUV TWN TZA UKR UGA UMI USA URY UZB VAT VCT VEN VGB VIR "
    "VNM VUT WLF WSM XKX YEM MYT ZAF ZMB ZWE"
)
#: Usual in statistics, or in France, and not in ISO 3166-1.
_OTHERS = {"UK": "GB", "EL": "GR", "RDC": "CD", "DRC": "CD", "RCA": "CF"}


@cache
def codes_by_name() -> dict[str, str]:
    """Return the alpha-2 code of each country by what it may be called: ``plain``."""
    names = [
        (row[key], code)
        for code, row in COUNTRIES.items()
        for key in ("code", "name", "name_fr")
    ]
    alpha_3 = zip(_ALPHA_3.split(), COUNTRIES, strict=True)
    return {plain(name): code for name, code in [*names, *alpha_3, *_OTHERS.items()]}


@lru_cache(maxsize=1 << 16)
def plain(name: str) -> str:
    """Return a name without accents, case, or what stands between its words."""
    bare = "".join(one for one in normalize("NFKD", name) if not combining(one))
    words = "".join(one if one.isalnum() else " " for one in bare.casefold())
    return " ".join(words.split())
