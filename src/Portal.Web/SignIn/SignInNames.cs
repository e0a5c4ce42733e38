using System.Security.Cryptography;
using System.Text;

namespace Portal.Web.SignIn;

/// <summary>How a log names what a stranger typed as an e-mail address: always the same, and nothing that can be read.</summary>
internal static class SignInNames
{
    private const int Digits = 12;

    public static string Of(string typed) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(typed.Trim().ToLowerInvariant())))[..Digits];
}
