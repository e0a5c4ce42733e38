namespace Portal.ArchitectureTests;

public sealed class CryptographyTests
{
    [Fact]
    public void Only_approved_algorithms_are_used() =>
        Rule.Holds(CryptographyRules.Weak(Checkout.Files("src", ".cs").Where(f => !f.Name.Contains("Simulator", StringComparison.Ordinal)).Concat(Checkout.Files("migrations", ".cs"))));

    [Theory]
    [InlineData("Hash.cs", "var h = MD5.HashData(x);", "Hash.cs: MD5")]
    [InlineData("Signature.cs", "SHA1.HashData(x);", "Signature.cs: SHA1")]
    [InlineData("Box.cs", "using var aes = Aes.Create();", "Box.cs: Aes.Create")]
    [InlineData("Dice.cs", "var r = new Random();", "Dice.cs: new Random")]
    public void A_weak_one_is_found(string file, string code, string finding) => Assert.Equal([finding], CryptographyRules.Weak([new(file, code)]));

    [Fact]
    public void What_is_only_spoken_of_is_left_alone() => Assert.Empty(CryptographyRules.Weak([new("Hash.cs", "// not MD5\nSHA256.HashData(x);")]));
}
