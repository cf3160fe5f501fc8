#include "pgwire/scram.h"

#include <gtest/gtest.h>

namespace omen::pgwire {
namespace {

// RFC 7677, section 3.
constexpr std::string_view kSalt =
    "\x5b\x6d\x99\x68\x9d\x12\x35\x8e\xec\xa0\x4b\x14\x12\x36\xfa\x81";
constexpr std::string_view kClientFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
constexpr std::string_view kServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
constexpr std::string_view kServerFirst =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
constexpr std::string_view kClientFinal =
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
constexpr std::string_view kServerFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

std::string RfcVerifier() { return MakeScramVerifier("pencil", kSalt, 4096).value(); }

ScramExchange RfcExchange(std::string_view verifier) {
  ScramExchange exchange("user", verifier);
  exchange.set_server_nonce(std::string(kServerNonce));
  return exchange;
}

TEST(Scram, AgreesWithRfc7677) {
  ScramExchange exchange = RfcExchange(RfcVerifier());
  EXPECT_EQ(exchange.First(kScramMechanism, kClientFirst).value(), kServerFirst);
  EXPECT_EQ(exchange.Final(kClientFinal).value(), kServerFinal);
}

TEST(Scram, VerifierHasPostgresForm) {
  // As PostgreSQL 15 stores it for the same password and salt.
  EXPECT_EQ(
      RfcVerifier(),
      "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
      ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
  EXPECT_TRUE(IsScramVerifier(RfcVerifier()));
  EXPECT_NE(MakeScramVerifier("pencil").value(), MakeScramVerifier("pencil").value());
  for (std::string_view bad : {"", "pencil", "SCRAM-SHA-256$", "SCRAM-SHA-256$0:aa==$a:b",
                               "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$short=:short=",
                               "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ=="}) {
    EXPECT_FALSE(IsScramVerifier(bad)) << bad;
  }
}

TEST(Scram, RefusesWrongPasswordAndUnknownUserAlike) {
  std::string wrong = MakeScramVerifier("pencils", kSalt, 4096).value();
  for (const std::string& verifier : {wrong, std::string(), std::string("damaged")}) {
    ScramExchange exchange = RfcExchange(verifier);
    ASSERT_TRUE(exchange.First(kScramMechanism, kClientFirst).ok());
    auto final = exchange.Final(kClientFinal);
    ASSERT_FALSE(final.ok());
    EXPECT_TRUE(final.status().Is(sqlstate::kInvalidPassword));
    EXPECT_EQ(final.status().error().message, "password authentication failed for user \"user\"");
  }
}

TEST(Scram, MockSaltIsStablePerUser) {
  auto salt = [](std::string_view user) {
    ScramExchange exchange(user, "");
    std::string first = exchange.First(kScramMechanism, kClientFirst).value();
    return first.substr(first.find(",s="));
  };
  EXPECT_EQ(salt("nobody"), salt("nobody"));
  EXPECT_NE(salt("nobody"), salt("noone"));
}

TEST(Scram, RefusesMalformedFirst) {
  for (std::string_view bad :
       {"", "n", "n,", "n,,", "n,a=x,n=user,r=abc", "p=tls-unique,,n=user,r=abc",
        "p=tls-server-end-point,,n=user,r=abc", "n,,r=abc,n=user", "n,,n=user",
        "n,,n=user,r=", "n,,m=ext,n=user,r=abc", "n,,n=user,r=a\x01z", "x,,n=user,r=abc"}) {
    ScramExchange exchange = RfcExchange(RfcVerifier());
    EXPECT_FALSE(exchange.First(kScramMechanism, bad).ok()) << bad;
  }
  ScramExchange exchange = RfcExchange(RfcVerifier());
  EXPECT_FALSE(exchange.First(kScramPlusMechanism, kClientFirst).ok());
  EXPECT_FALSE(exchange.First("PLAIN", kClientFirst).ok());
}

TEST(Scram, RefusesMalformedFinal) {
  std::string good(kClientFinal);
  std::string other_nonce = good, other_binding = good, no_proof = good.substr(0, good.find(",p="));
  other_nonce.replace(other_nonce.find("rOpr"), 4, "rOpx");
  other_binding.replace(2, 4, "eSws");
  for (const std::string& bad : {std::string(), other_nonce, other_binding, no_proof,
                                 no_proof + ",p=AAAA", no_proof + ",p=!!!!", std::string(",p=")}) {
    ScramExchange exchange = RfcExchange(RfcVerifier());
    ASSERT_TRUE(exchange.First(kScramMechanism, kClientFirst).ok());
    EXPECT_FALSE(exchange.Final(bad).ok()) << bad;
  }
}

TEST(Scram, NoticesChannelBindingDowngrade) {
  ScramExchange exchange("user", RfcVerifier(), "certificate hash");
  auto first = exchange.First(kScramMechanism, "y,,n=user,r=abc");
  ASSERT_FALSE(first.ok());
  EXPECT_TRUE(first.status().Is(sqlstate::kInvalidAuthorization));
}

}  // namespace
}  // namespace omen::pgwire
