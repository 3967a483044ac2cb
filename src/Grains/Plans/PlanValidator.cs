using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Plans;

/// <summary>Says whose plan is wrong and where: the kinds share one class, and its members' names alone would not tell.</summary>
internal sealed class PlanValidator : IValidateOptions<Plan>
{
    public ValidateOptionsResult Validate(string? name, Plan options)
    {
        var wrong = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), wrong, validateAllProperties: true)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(result => $"{Plans.Section(name!)}:{result.MemberNames.Single()}: {result.ErrorMessage}"));
    }
}
