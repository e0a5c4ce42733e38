using FsCheck;
using FsCheck.Xunit;
using Portal.Vault;

namespace Portal.Tests.Vaults;

public sealed class VaultProperties
{
    private static readonly byte[] _key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Property]
    public async Task Whatever_is_sealed_opens_as_it_was(byte[] plain, NonEmptyString table, NonEmptyString column, Guid row)
    {
        var rig = await VaultRig.WithTenantAsync();
        var place = new VaultField(rig.Tenant, Text(table), Text(column), NotEmpty(row), "https://api.example.com:443");

        var blob = await rig.Vault.SealAsync(place, plain, default);
        using var opened = await rig.Vault.OpenAsync(place, blob, "test", default);

        Assert.Equal(plain, opened.Bytes.ToArray());
    }

    [Property(MaxTest = 500)]
    public void Bytes_that_were_not_sealed_never_open(byte[] bytes, bool withHeader)
    {
        byte[] blob = withHeader ? [(byte)'P', (byte)'V', 1, 0, 1, 0, 0, 0, 1, .. bytes, .. new byte[28]] : bytes;
        var binding = new Binding(VaultRig.Environment, "field");

        Assert.Throws<VaultException>(() =>
        {
            Header.Read(blob);
            return Envelope.Open(_key, blob, binding);
        });
    }

    [Property(MaxTest = 500)]
    public void A_value_opens_for_the_same_parts_only(NonEmptyString[] parts, NonEmptyString[] others)
    {
        var sealedParts = Bind(parts);
        var blob = Envelope.Seal(_key, new Header(1, 1), sealedParts, VaultRig.Secret);

        if (parts.Select(Text).SequenceEqual(others.Select(Text), StringComparer.Ordinal))
            Assert.Equal(VaultRig.Secret, Envelope.Open(_key, blob, Bind(others)).Span.ToArray());
        else
            Assert.Throws<VaultException>(() => Envelope.Open(_key, blob, Bind(others)));
    }

    [Property(MaxTest = 500)]
    public void The_same_text_cut_into_other_parts_is_another_binding(NonEmptyString text, PositiveInt first, PositiveInt second)
    {
        var whole = Text(text) + "ab";
        var (one, two) = (first.Get % whole.Length, second.Get % whole.Length);

        var same = Cut(whole, one).AsSpan().SequenceEqual(Cut(whole, two));

        Assert.Equal(one == two, same);
    }

    [Property(MaxTest = 500)]
    public void A_text_that_is_no_list_of_root_keys_is_refused_and_nothing_else_happens(NonNull<string> text) =>
        Assert.Equal(VaultError.BadRootKeys, Assert.Throws<VaultException>(() => FileRootKeys.Parse(text.Get)).Error);

    private static byte[] Cut(string whole, int at) =>
        new Binding(VaultRig.Environment, "field").With(whole[..at]).With(whole[at..]).Under([]);

    private static Binding Bind(NonEmptyString[] parts) =>
        parts.Aggregate(new Binding(VaultRig.Environment, "field"), (binding, part) => binding.With(Text(part)));

    // Names of tables and columns are text that can be written as UTF-8; half a surrogate pair cannot, and is refused.
    private static string Text(NonEmptyString text) => string.Concat(text.Get.Where(letter => !char.IsSurrogate(letter))) + "_";

    private static Guid NotEmpty(Guid id) => id == Guid.Empty ? Guid.NewGuid() : id;
}
