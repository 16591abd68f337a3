"""Published examples, each with where it stands. What is listed as wrong is named as wrong there."""

from __future__ import annotations

# Network, address, where it is published.
GOOD = (
    ("bitcoin", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "Bitcoin developer guide, examples of P2PKH"),
    ("bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "Bitcoin's genesis block"),
    ("bitcoin", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "Bitcoin developer guide, examples of P2SH"),
    ("bitcoin", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "BIP-173 and BIP-350, valid addresses"),
    (
        "bitcoin",
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
        "BIP-350, valid addresses",
    ),
    ("bitcoin", "BC1SW50QGDZ25J", "BIP-350, valid addresses"),
    ("bitcoin", "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", "BIP-350, valid addresses"),
    ("bitcoin", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "BIP-350, valid addresses"),
    ("bitcoin", "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu", "BIP-84, test vectors"),
    ("bitcoin", "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr", "BIP-86, test vectors"),
    ("litecoin", "LT2KVaAy1ppRuxRgrS5RNU3vBsy7RibPeA", "Litecoin Core, key_io_valid.json"),
    ("litecoin", "MHrYRxAiMNBTku3eoDHwhA1LQGDjUStZW2", "Litecoin Core, key_io_valid.json"),
    (
        "litecoin",
        "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9",
        "BIP-173's program under Litecoin's prefix of SLIP-173",
    ),
    ("dogecoin", "DD4KSSuBJqcjuTcvUg1CgUKeurPUFeEZkE", "Dogecoin Core, base58_keys_valid.json"),
    ("dogecoin", "A7HRQk3GFCW2QasvdZxXuYj8kkQK5QrYLs", "Dogecoin Core, base58_keys_valid.json"),
    ("dogecoin", "9zYnVRaekPtdKBYuPw5QiBtv3NNrzD2LLW", "Dogecoin Core, base58_keys_valid.json"),
    (
        "bitcoincash",
        "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
        "Bitcoin Cash, cashaddr specification, translations",
    ),
    (
        "bitcoincash",
        "bitcoincash:ppm2qsznhks23z7629mms6s4cwef74vcwvn0h829pq",
        "Bitcoin Cash, cashaddr specification, translations",
    ),
    (
        "bitcoincash",
        "qr95sy3j9xwd2ap32xkykttr4cvcu7as4y0qverfuy",
        "Bitcoin Cash, cashaddr specification, without its prefix",
    ),
    (
        "bitcoincash",
        "16w1D5WRVKJuZUsSRzdLp9w3YGcgoxDXb",
        "Bitcoin Cash, cashaddr specification, translations",
    ),
    *(
        (network, address, "EIP-55, test cases")
        for network in ("ethereum", "bsc", "polygon", "arbitrum", "optimism", "base", "avalanche")
        for address in (
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
            "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
            "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        )
    ),
    (
        "tron",
        "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
        "tether.to, supported protocols: the token's contract on TRON",
    ),
    ("xrp", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", "xrpl.org, the genesis account"),
    ("xrp", "rrrrrrrrrrrrrrrrrrrrrhoLvTp", "xrpl.org, special addresses, ACCOUNT_ZERO"),
    ("xrp", "rrrrrrrrrrrrrrrrrrrrBZbvji", "xrpl.org, special addresses, ACCOUNT_ONE"),
    ("xrp", "X7AcgcsBL6XDcUb289X4mJ8djcdyKaB5hJDWMArnXr61cqZ", "ripple-address-codec, X-addresses"),
    ("xrp", "X7AcgcsBL6XDcUb289X4mJ8djcdyKaGZMhc9YTE92ehJ2Fu", "ripple-address-codec, X-addresses, tag 1"),
    ("xrp", "XVLhHMPHU98es4dbozjVtdWzVrDjtV5fdx1mHp98tDMoQXb", "XLS-5, encoding example"),
    ("stellar", "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ", "SEP-23, valid test cases"),
    (
        "stellar",
        "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ",
        "SEP-23, valid test cases",
    ),
    (
        "stellar",
        "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK",
        "SEP-23, valid test cases",
    ),
    ("stellar", "CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA", "SEP-23, valid test cases"),
    ("ton", "EQDKbjIcfM6ezt8KjKJJLshZJJSqX7XOA4ff-W72r5gqPrHF", "docs.ton.org, smart contract addresses"),
    ("ton", "EQDKbjIcfM6ezt8KjKJJLshZJJSqX7XOA4ff+W72r5gqPrHF", "docs.ton.org, smart contract addresses"),
    ("ton", "UQDKbjIcfM6ezt8KjKJJLshZJJSqX7XOA4ff-W72r5gqPuwA", "docs.ton.org, smart contract addresses"),
    (
        "cardano",
        "addr1qx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzer3n0d3vllmyqwsx5wktcd8cc3sq835lu7drv2xwl2wywfgse35a3x",
        "CIP-19, test vectors, type 00",
    ),
    (
        "cardano",
        "addr1z8phkx6acpnf78fuvxn0mkew3l0fd058hzquvz7w36x4gten0d3vllmyqwsx5wktcd8cc3sq835lu7drv2xwl2wywfgs9yc0hh",
        "CIP-19, test vectors, type 01",
    ),
    (
        "cardano",
        "addr1gx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzer5pnz75xxcrzqf96k",
        "CIP-19, test vectors, type 04",
    ),
    (
        "cardano",
        "addr1vx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzers66hrl8",
        "CIP-19, test vectors, type 06",
    ),
    (
        "cardano",
        "addr1w8phkx6acpnf78fuvxn0mkew3l0fd058hzquvz7w36x4gtcyjy7wx",
        "CIP-19, test vectors, type 07",
    ),
    (
        "cardano",
        "Ae2tdPwUPEZFRbyhz3cpfC2CumGzNkFBN2L42rcUc2yjQpEkxDbkPodpMAi",
        "cardano-wallet, Byron address format, example 1",
    ),
    (
        "cardano",
        "DdzFFzCqrhsqTG4t3uq5UBqFrxhxGVM6bvF4q1QcZXqUpizFddEEip7dx5rbife2s9o2fRU3hVKhRp4higog7As8z42s4AMw6Pcu8vL4",
        "cardano-serialization-lib, legacy addresses, test vector 10",
    ),
    (
        "polkadot",
        "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5",
        "polkadot-sdk, tests of Polkadot's Asset Hub",
    ),
    ("cosmos", "cosmos1pkptre7fdkl6gfrzlesjjvhxhlc3r4gmmk8rs6", "CosmJS, test data of the faucet's account"),
)

# Written as they should be, without a checksum.
PLAIN = (
    ("ethereum", "0xde709f2102306220921060314715629080e2fb77", "EIP-55, test cases, all small"),
    ("ethereum", "0x52908400098527886E0F7030069857D2E4169EE7", "EIP-55, test cases, all capital"),
    ("solana", "11111111111111111111111111111111", "solana.com, the System Program"),
    ("solana", "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA", "solana.com, the Token Program"),
    (
        "ton",
        "0:ca6e321c7cce9ecedf0a8ca2492ec8592494aa5fb5ce0387dff96ef6af982a3e",
        "docs.ton.org, smart contract addresses",
    ),
    (
        "polkadot",
        "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
        "polkadot-sdk, the account Alice, prefix 42",
    ),
)

BAD = (
    *(
        ("bitcoin", address, "BIP-350, invalid addresses")
        for address in (
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
            "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",
            "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",
            "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R",
            "bc1pw5dgrnzv",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav",
            "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",
            "bc1gmk9yu",
        )
    ),
    *(
        ("stellar", address, "SEP-23, invalid test cases")
        for address in (
            "GAAAAAAAACGC6",
            "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUR",
            "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZA",
            "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUACUSI",
            "G47QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVP2I",
            "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLKA",
            "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAAV75I",
            "M47QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ",
            "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUK===",
            "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUO",
        )
    ),
    ("litecoin", "mwXn5Vhicdav8Av3KMokx4YNuHoGRKxtWs", "Litecoin Core, key_io_valid.json, the test network"),
    (
        "dogecoin",
        "nhRsrUaxZou6sewjqaS37cJrMRJRgwVXdk",
        "Dogecoin Core, base58_keys_valid.json, the test network",
    ),
    (
        "cardano",
        "addr_test1vz2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzerspjrlsz",
        "CIP-19, test vectors, the test network",
    ),
    (
        "cardano",
        "stake1uyehkck0lajq8gr28t9uxnuvgcqrc6070x3k9r8048z8y5gh6ffgw",
        "CIP-19, test vectors, type 14: nothing can be paid to it",
    ),
    ("ton", "kQDKbjIcfM6ezt8KjKJJLshZJJSqX7XOA4ff-W72r5gqPgpP", "docs.ton.org, the test network"),
)

CORE = "Trust Wallet Core, registry.json, sample transaction"

# Network, TxID, where it is published.
TXIDS = (
    (
        "bitcoin",
        "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b",
        "Bitcoin's genesis block",
    ),
    ("bitcoin", "0607f62530b68cfcc91c57a1702841dd399a899d0eecda8e31ecca3f52f01df2", CORE),
    (
        "bitcoincash",
        "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b",
        "the genesis block, which Bitcoin Cash shares with Bitcoin",
    ),
    (
        "litecoin",
        "97ddfbbae6be97fd6cdf3e7ca13232a3afff2353e29badfab7f73011edd4ced9",
        "Litecoin Core, chainparams.cpp, the genesis block's only transaction",
    ),
    (
        "dogecoin",
        "5b2a3f53f605d62c53e62932dac6925e3d74afa5a4b459745c36d42d0ed26a69",
        "Dogecoin Core, chainparams.cpp, the genesis block's only transaction",
    ),
    (
        "ethereum",
        "0x5c504ed432cb51138bcf09aa5e8a410dd4a1e204ef84bfed1be16dfba1b22060",
        "Ethereum's first transaction, block 46147",
    ),
    ("bsc", "0xb9ae2e808fe8e57171f303ad8f6e3fd17d949b0bfc7b4db6e8e30a71cc517d7e", CORE),
    ("polygon", "0xe26ed1470d5bf99a53d687843e7acdf7e4ba6620af93b4d672e714de90476e8e", CORE),
    ("arbitrum", "0xa1e319be22c08155e5904aa211fb87df5f4ade48de79c6578b1cf3dfda9e498c", CORE),
    ("optimism", "0x6fd99288be9bf71eb002bb31da10a4fb0fbbb3c45ae73693b212f49c9db7df8f", CORE),
    ("base", "0x4acb15506b7696a2dfac4258f3f86392b4b2b717a3f316a8aa78509b2c3b6ab4", CORE),
    ("avalanche", "0x9243890b844219accefd8798271052f5a056453ec18984a56e81c92921330d54", CORE),
    (
        "tron",
        "d0807adb3c5412aa150787b944c96ee898c997debdc27e2f6a643c771edb5933",
        "developers.tron.network, gettransactionbyid, example",
    ),
    (
        "solana",
        "5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnbJLgp8uirBgmQpjKhoR4tjF3ZpRzrFmBV6UjKdiSZkQUW",
        "solana.com, JSON RPC, example of getTransaction's signatures",
    ),
    (
        "solana",
        "5h6xBEauJ3PK6SWCZ1PGjBvj8vDdWG3KpwATGy1ARAXFSDwt8GFXM7W5Ncn16wmqokgpiKRLuS83KUxyZyv2sUYv",
        "solana.com, JSON RPC, getSignaturesForAddress, 88 characters",
    ),
    (
        "solana",
        "5LmxrEKGchhMuYfw6Qut6CbsvE9pVfb8YvwZKvWssSesDVjHioBCmWKSJQh1WhvcM6CpemhpHNmEMA2a36rzwTa8",
        CORE,
    ),
    (
        "solana",
        "5T6uZBHnHFd8uWErDBTFRVkbKuhbcm94K5MJ2beTYDruzqv4FjS7EMKvC94ZfxNAiWUXZ6bZxS3WXUbhJwYNPWn",
        "Trust Wallet Core, Solana SignerTests, SingleSignTransaction, 87 characters",
    ),
    (
        "xrp",
        "E08D6E9754025BA2534A78707605E0601F03ACE063687A0CA1BDDACFCD1698C7",
        "xrpl.org, transaction results, an example of tx",
    ),
    (
        "stellar",
        "b9d0b2292c4e09e8eb22d036171491e87b8d2086bf8b265874c8d182cb9c9020",
        "SEP-24, refunds, a payment on Stellar",
    ),
    ("ton", "fJXfn0EVhV09HFuEgUHu4Cchb24nUQtIMwSzmzk2tLs=", f"{CORE}, base64"),
    (
        "ton",
        "cuIIRsco2AySgdmoPuvBsOXlfarqgu+suFYFXgX+5Vw=",
        "QuickNode, documentation of TON's detectHash, base64",
    ),
    (
        "ton",
        "BL9T1i5DjX1JRLUn4z9JOgOWRKWQ80pSNevis26hGvc=",
        "docs.ton.org, working with wallets, a transaction linked at tonscan.org",
    ),
    (
        "ton",
        "Er_oT5R3QK7D-qVPBKUGkJAOOq6ayVls-mgEphpI9Ck=",
        "Trust Wallet Core, TON's tests, a link to tonscan.org, base64url",
    ),
    (
        "ton",
        "12bfe84f947740aec3faa54f04a50690900e3aae9ac9596cfa6804a61a48f429",
        "the same transaction there, in hex",
    ),
    ("cardano", "b7a6c5cadab0f64bdc89c77ee4a351463aba5c33f2cef6bbd6542a74a90a3af3", CORE),
    ("polkadot", "0x5aaaeec678ab1bd5a19d2c9bfd596037a32e3d1e831383c62f315459e85fa85d", CORE),
    (
        "polkadot",
        "10541383-2",
        "Trust Wallet Core, Polkadot's tests, a link to subscan.io by block and place",
    ),
    (
        "cosmos",
        "541FA06FB37AC1BF61922143783DD76FECA361830F9876D0342536EE8A87A790",
        "Trust Wallet Core, coin type tests of Cosmos, a link to mintscan.io",
    ),
    (
        "cosmos",
        "F7196B37828BAAF5C55E499D62A58E2927542CB2FB57B587BA77BF5BB044FFBF",
        "Cosmos, tutorials on IBC, a transfer shown at mintscan.io",
    ),
)
