using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Portal.Web.SignIn;

/// <summary>Seals Data Protection's keys with the vault: in the database they lie in no other form.</summary>
internal sealed class VaultXmlEncryptor(Vault.Vault vault) : IXmlEncryptor
{
    internal const string Purpose = "data-protection";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var blob = Blocking.Run(() => vault.SealSystemAsync(Purpose, plain, CancellationToken.None));
        Array.Clear(plain);
        return new(new XElement("sealed", Convert.ToBase64String(blob)), typeof(VaultXmlDecryptor));
    }
}

/// <summary>Data Protection makes it by its name, which stands beside each key.</summary>
internal sealed class VaultXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    private readonly Vault.Vault _vault = services.GetRequiredService<Vault.Vault>();

    public XElement Decrypt(XElement encryptedElement)
    {
        var blob = Convert.FromBase64String(encryptedElement.Value);
        using var plain = Blocking.Run(() => _vault.OpenSystemAsync(VaultXmlEncryptor.Purpose, blob, CancellationToken.None));
        return XElement.Parse(Encoding.UTF8.GetString(plain.Bytes.Span));
    }
}

file static class Blocking
{
    // Data Protection's interface is synchronous. It asks once at the start and once a day, never on a circuit's thread.
    public static T Run<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();
}
