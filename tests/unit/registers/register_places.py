"""The places that the tests of the registers name."""

SOISSONNAIS = "soissonnais-valois"
SOISSONS, PERONNE, PLOISY = "02722", "80620", "02607"
