using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Portal.Members;

namespace Portal.Web.SignIn;

/// <summary>What a person showed: <see cref="SecondStep"/> is password and code, <see cref="Passkey"/> has its own lock, two factors in one.</summary>
internal enum SignInBy { Password, SecondStep, Passkey, Invitation, OpenId }

internal static class PersonSignIn
{
    internal const string Strong = "portal:strong";
    internal const string Device = "portal:device";
    internal const string Place = "portal:place";

    /// <summary>Begins a session for a person who has shown who they are.</summary>
    public static Task SignInAsync(this HttpContext context, SignedIn person, SignInBy how, bool remember = false)
    {
        SignInLog.SignedIn(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(PersonSignIn)), person.UserId, how.ToString(), context.NetworkOf());
        var properties = new AuthenticationProperties { IsPersistent = remember };
        properties.Items[Device] = DeviceName.Of(context.Request.Headers.UserAgent.ToString());
        properties.Items[Place] = context.NetworkOf();
        if (how is SignInBy.SecondStep or SignInBy.Passkey)
            properties.Items[Strong] = "";
        return context.SignInAsync(SignInServices.Scheme, Principal(person), properties);
    }

    /// <summary>What the session's row says of it.</summary>
    internal static SessionFacts Facts(AuthenticationProperties properties) => new(
        properties.IsPersistent,
        properties.Items.ContainsKey(Strong),
        properties.Items.TryGetValue(Device, out var device) ? device ?? "" : "",
        properties.Items.TryGetValue(Place, out var place) ? place ?? "" : "");

    private static ClaimsPrincipal Principal(SignedIn person) => new(new ClaimsIdentity(
        [new(ClaimTypes.NameIdentifier, person.UserId.ToString()), new(ClaimTypes.Name, person.Email)], SignInServices.Scheme));
}
