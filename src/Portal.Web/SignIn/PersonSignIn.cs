using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Portal.Members;

namespace Portal.Web.SignIn;

internal static class PersonSignIn
{
    /// <summary>Begins a session for a person who has shown who they are.</summary>
    public static Task SignInAsync(this HttpContext context, SignedIn person, bool remember) =>
        context.SignInAsync(SignInServices.Scheme, Principal(person), new AuthenticationProperties { IsPersistent = remember });

    private static ClaimsPrincipal Principal(SignedIn person) => new(new ClaimsIdentity(
        [new(ClaimTypes.NameIdentifier, person.UserId.ToString()), new(ClaimTypes.Name, person.Email)], SignInServices.Scheme));
}
