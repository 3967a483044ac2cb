using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Sessions;

/// <summary>How wrong passwords slow down what is asked in the name of one e-mail address; section <c>SignIn</c>.</summary>
public sealed class SignInOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "SignIn";

    /// <summary>Wrong passwords that cost no waiting. Default 5; 1 to 100.</summary>
    [Range(1, 100, ErrorMessage = "SignIn:FreeFailures must be between 1 and 100.")]
    public int FreeFailures { get; set; } = 5;

    /// <summary>The wait after the first wrong password beyond those; each further one doubles it. Default 1 s; 1 s to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "SignIn:FirstDelay must be between 00:00:01 and 01:00:00.")]
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait, so that nobody can lock an owner out for good. Default 15 min; 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "SignIn:MaximumDelay must be between 00:00:01 and 1.00:00:00.")]
    public TimeSpan MaximumDelay { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Wrong passwords are forgotten so long after the last of them. Default 1 day; 1 min to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00", ErrorMessage = "SignIn:ForgetAfter must be between 00:01:00 and 30.00:00:00.")]
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaximumDelay < FirstDelay)
        {
            yield return new ValidationResult("SignIn:MaximumDelay must not be shorter than SignIn:FirstDelay.");
        }

        if (ForgetAfter <= MaximumDelay)
        {
            yield return new ValidationResult("SignIn:ForgetAfter must be longer than SignIn:MaximumDelay, or no wait would last.");
        }
    }
}
